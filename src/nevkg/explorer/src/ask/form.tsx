import type { InputHTMLAttributes } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get } from "../api/requests";
import type { Hit, Option, Options, Parameter, QuestionHead } from "../api/types";
import { isEmbedded } from "../export/embedded";
import { fill, localize, useLanguage, useWords } from "../state/language";
import { set, useRoute } from "../state/route";
import { Combobox } from "../ui/combobox";
import { Chips } from "../ui/controls";
import { fold } from "../ui/text";
import { ANY, formParameters, routeValues, valuesOf } from "./parameters";
import { words } from "./words";

const MAX_OPTIONS = 40;

interface FormProps {
  readonly question: Pick<QuestionHead, "name" | "parameters">;
  readonly base?: string; // the address of the collection that the question is in
  readonly open?: boolean;
}

/** The parameters of a question, collapsed by default. A changed value goes into the address at once, which reloads the answer. */
export function Form({ question, base = "api/questions", open = false }: FormProps) {
  const w = useWords(words);
  const { params } = useRoute();
  const parameters = formParameters(question);
  if (!parameters.length) return null;
  const isChanged = parameters.some(({ name }) => params.has(name));
  const change = (parameter: Parameter, values: readonly string[]) => set({ [parameter.name]: routeValues(parameter, values), page: null });
  return (
    <details class="conditions" open={open && !isEmbedded}>
      <summary>{w.parameters}</summary>
      <form class="form" aria-label={w.parameters} onSubmit={(event) => event.preventDefault()}>
        {parameters.map((parameter) => (
          <Field
            key={parameter.name}
            path={`${base}/${question.name}/parameters/${parameter.name}/options`}
            parameter={parameter}
            values={valuesOf(parameter, params)}
            change={(values) => change(parameter, values)}
          />
        ))}
        {isChanged && (
          <button type="button" class="plain" onClick={() => set(Object.fromEntries(parameters.map(({ name }) => [name, null])))}>
            {w.reset}
          </button>
        )}
      </form>
    </details>
  );
}

interface FieldProps {
  readonly path: string; // of its options
  readonly parameter: Parameter;
  readonly values: readonly string[];
  readonly change: (values: readonly string[]) => void;
}

/** The inputs for literals by their type. */
const INPUTS: Readonly<Record<string, InputHTMLAttributes<HTMLInputElement>>> = {
  "xsd:date": { type: "date" },
  "xsd:integer": { type: "number", step: "1" },
  "xsd:decimal": { type: "number", step: "any" },
  "xsd:string": { type: "text" },
};

function Field(props: FieldProps) {
  const { parameter, values, change } = props;
  const lang = useLanguage();
  const w = useWords(words);
  const label = localize(parameter.label, lang);
  const onChange = (event: { currentTarget: { value: string } }) => change(event.currentTarget.value ? [event.currentTarget.value] : []);
  const inputProps = INPUTS[parameter.type];
  if (parameter.type !== "xsd:boolean" && !inputProps) return <EntityField {...props} label={label} />;
  const control = inputProps ? (
    <input {...inputProps} value={values[0] ?? ""} onChange={onChange} />
  ) : (
    <select value={values[0] ?? ""} onChange={onChange}>
      <option value="">{w.any}</option>
      <option value="true">{w.yes}</option>
      <option value="false">{w.no}</option>
    </select>
  );
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is either of the two above
    <label class="field">
      <span>{label}</span>
      {control}
    </label>
  );
}

/** A field for any number of entities, each a chip that can be removed. */
function EntityField({ path, values, change, label }: FieldProps & { readonly label: string }) {
  const w = useWords(words);
  const lang = useLanguage();
  const labels = useLabels(path, values);
  const find = async (text: string) => {
    const { options } = await get<Options>(path, { lang, limit: MAX_OPTIONS, ...(text ? { q: fold(text) } : {}) });
    return options
      .filter((option) => !values.includes(option.name))
      .map((option) => ({ value: option.name, label: option.label, note: option.name }));
  };
  return (
    <div class="field">
      <Combobox
        label={label}
        find={find}
        choose={(choice) => change([...values, choice.value])}
        placeholder={values.length ? fill(w.add, "…") : w.any}
      />
      <Chips
        values={values.map((value) => [value, labels.get(value) ?? value])}
        remove={(removed) => change(values.filter((value) => value !== removed))}
      />
    </div>
  );
}

/** Returns the labels of the values of a parameter. */
function useLabels(path: string, values: readonly string[]): ReadonlyMap<string, string> {
  const lang = useLanguage();
  const [labels, setLabels] = useState<ReadonlyMap<string, string>>(new Map());
  const key = values.filter((value) => value !== ANY).join(" ");
  useEffect(() => {
    if (!key) return;
    let isCurrent = true;
    const label = async (value: string): Promise<[string, string]> => {
      const labelFor = (results: readonly (Option | Hit)[]) => results.find(({ name, iri }) => name === value || iri === value)?.label;
      const { options } = await get<Options>(path, { lang, limit: 1000 });
      return [value, labelFor(options) ?? labelFor((await get<{ hits: Hit[] }>("api/search", { q: value, lang })).hits) ?? value];
    };
    Promise.all(key.split(" ").map(label)).then(
      (pairs) => isCurrent && setLabels(new Map(pairs)),
      () => undefined, // the chips show the names from the address
    );
    return () => {
      isCurrent = false;
    };
  }, [path, key, lang]);
  return labels;
}
