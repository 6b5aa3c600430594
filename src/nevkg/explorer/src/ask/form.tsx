import { useEffect, useState } from "preact/hooks";
import { fold } from "../answer/rows";
import { get } from "../api/get";
import type { Hit, Option, Options, Parameter, QuestionHead } from "../api/types";
import { fill, localize, useLanguage, useWords } from "../state/language";
import { set, useRoute } from "../state/route";
import { isEmbedded } from "../take-away/embedded";
import { Combobox } from "../ui/combobox";
import { words as shared } from "../ui/words";
import { ANY, formParameters, valuesOf, written } from "./parameters";
import { words } from "./words";

const OFFERED = 40;

interface FormProps {
  readonly question: Pick<QuestionHead, "name" | "parameters">;
  readonly under?: string; // where its options are
  readonly open?: boolean;
}

/**
 * The parameters of a question, closed at first: the answer comes first. What is chosen stands in the address at once, and the
 * answer follows.
 */
export function Form({ question, under = "api/questions", open = false }: FormProps) {
  const w = useWords(words);
  const { params } = useRoute();
  const tongue = useLanguage();
  const parameters = formParameters(question);
  if (!parameters.length) return null;
  const touched = parameters.some((one) => params.has(one.name));
  const change = (parameter: Parameter, values: readonly string[]) => set({ [parameter.name]: written(parameter, values), page: null });
  return (
    <details class="conditions" open={open && !isEmbedded}>
      <summary>
        {w.parameters} <span class="quiet">{parameters.map((one) => localize(one.label, tongue)).join(" · ")}</span>
      </summary>
      <form class="form" aria-label={w.parameters} onSubmit={(event) => event.preventDefault()}>
        {parameters.map((parameter) => (
          <Field
            key={parameter.name}
            path={`${under}/${question.name}/parameters/${parameter.name}/options`}
            parameter={parameter}
            values={valuesOf(parameter, params)}
            change={(values) => change(parameter, values)}
          />
        ))}
        {touched && (
          <button type="button" class="plain" onClick={() => set(Object.fromEntries(parameters.map((one) => [one.name, null])))}>
            {w.unset}
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

function Field(props: FieldProps) {
  const { parameter, values, change } = props;
  const tongue = useLanguage();
  const w = useWords(words);
  const label = localize(parameter.label, tongue);
  const one = (event: { currentTarget: { value: string } }) => change(event.currentTarget.value ? [event.currentTarget.value] : []);
  switch (parameter.type) {
    case "xsd:date":
      return (
        <label class="field">
          <span>{label}</span>
          <input type="date" value={values[0] ?? ""} onChange={one} />
        </label>
      );
    case "xsd:boolean":
      return (
        <label class="field">
          <span>{label}</span>
          <select value={values[0] ?? ""} onChange={one}>
            <option value="">{w.any}</option>
            <option value="true">{w.yes}</option>
            <option value="false">{w.no}</option>
          </select>
        </label>
      );
    case "xsd:integer":
    case "xsd:decimal":
      return (
        <label class="field">
          <span>{label}</span>
          <input type="number" step={parameter.type === "xsd:integer" ? 1 : "any"} value={values[0] ?? ""} onChange={one} />
        </label>
      );
    case "xsd:string":
      return (
        <label class="field">
          <span>{label}</span>
          <input type="text" value={values[0] ?? ""} onChange={one} />
        </label>
      );
    default:
      return <Things {...props} label={label} />;
  }
}

/** Things by name: as many as one likes, each a chip that can be taken away. */
function Things({ path, values, change, label }: FieldProps & { readonly label: string }) {
  const w = useWords(words);
  const s = useWords(shared);
  const tongue = useLanguage();
  const labels = useLabels(path, values);
  const find = async (text: string) => {
    const { options } = await get<Options>(path, { lang: tongue, limit: OFFERED, ...(text ? { q: fold(text) } : {}) });
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
      {values.length > 0 && (
        <ul class="chips">
          {values.map((value) => (
            <li key={value}>
              <bdi>{labels.get(value) ?? value}</bdi>
              <button
                type="button"
                aria-label={fill(s.remove, labels.get(value) ?? value)}
                onClick={() => change(values.filter((other) => other !== value))}
              >
                <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What the values of a parameter are called. */
function useLabels(path: string, values: readonly string[]): ReadonlyMap<string, string> {
  const tongue = useLanguage();
  const [labels, set] = useState<ReadonlyMap<string, string>>(new Map());
  const key = values.filter((value) => value !== ANY).join(" ");
  useEffect(() => {
    if (!key) return;
    let wanted = true;
    const label = async (value: string): Promise<[string, string]> => {
      const of = (found: readonly (Option | Hit)[]) => found.find((one) => one.name === value || one.iri === value)?.label;
      const { options } = await get<Options>(path, { lang: tongue, limit: 1000 });
      return [value, of(options) ?? of((await get<{ hits: Hit[] }>("api/search", { q: value, lang: tongue })).hits) ?? value];
    };
    Promise.all(key.split(" ").map(label)).then(
      (pairs) => wanted && set(new Map(pairs)),
      () => undefined, // the names of the address stand as they are
    );
    return () => {
      wanted = false;
    };
  }, [path, key, tongue]);
  return labels;
}
