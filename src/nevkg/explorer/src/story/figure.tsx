// Live figures of stories and the home page: numbers, lists and tables of answers.

import type { ComponentChildren } from "preact";
import { type AnswerProps, rolesOf } from "../answer/roles";
import { useGet } from "../api/requests";
import { type Answer, type Figure, isThing, type QuestionHead, type Target } from "../api/types";
import { requestParams } from "../ask/parameters";
import { entityAddress, figureAddress } from "../state/address";
import { fill, number, useLanguage, useWords } from "../state/language";
import { applyChanges } from "../state/route";
import { Loaded } from "../ui/loading";
import { asText, each } from "../ui/values";
import { words } from "./words";

const DATE = /^\d{4}-\d{2}/; // dates are not wrapped at their hyphens

/** A number, a value or a list of an answer, linked to the answer. */
export function FigureLink({ figure }: { figure: Figure }) {
  const w = useWords(words);
  const text = useFigureText(figure);
  const title = useFigureTitle(figure);
  return (
    <a class="figure" href={figureAddress(figure)} title={figure.problem ?? title}>
      {figure.problem ? w.missing : text}
    </a>
  );
}

function useFigureText({ value, more = 0 }: Figure): string {
  const w = useWords(words);
  const lang = useLanguage();
  const texts = each(value).map((entry) => asText(entry, lang));
  // Names that contain a comma are separated by semicolons.
  if (texts.some((text) => text.includes(w.comma.trim())))
    return [...texts, ...(more ? [fill(w.more, number(more, lang)).trim()] : [])].join(w.between);
  if (more) return texts.join(w.comma) + fill(w.more, number(more, lang));
  return texts.length > 1 ? texts.slice(0, -1).join(w.comma) + w.and + texts.at(-1) : (texts[0] ?? "");
}

/** Returns the question of a figure with its day and its number of sources. */
export function useFigureTitle({ title = "", asOf = "", sources = 0 }: Figure): string {
  const w = useWords(words);
  const lang = useLanguage();
  return [title, fill(w.asOfDay, asOf), sources && fill(w.sources, number(sources, lang))].filter(Boolean).join(" · ");
}

/** Selected rows and columns of an answer. */
export function FigureTable({ figure }: { figure: Figure }) {
  const lang = useLanguage();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be focusable
    <section class="scroll" aria-label={figure.title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {figure.labels?.map((label, index) => (
              <th key={figure.columns[index]} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figure.rows?.map((row, index) => (
            <tr key={index}>
              {figure.columns.map((name) => (
                <td key={name} class={DATE.test(String(row[name])) ? "day" : ""}>
                  <span class="values">
                    {each(row[name]).map((value) =>
                      isThing(value) ? (
                        <a key={value.iri} class="thing" href={entityAddress(value.iri)}>
                          {value.label}
                        </a>
                      ) : (
                        <span key={String(value)}>{asText(value, lang)}</span>
                      ),
                    )}
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface Props {
  readonly target: Target;
  /** Whether cells link to their evidence. */
  readonly evidence?: boolean;
  readonly children: (props: AnswerProps) => ComponentChildren;
}

/** Loads the answer of a figure with the roles of its columns. */
export function LiveAnswer({ target, evidence = false, children }: Props) {
  const question = useGet<QuestionHead>(`api/questions/${target.question}`);
  return (
    <Loaded of={question}>{(head) => <TargetAnswer target={target} evidence={evidence} question={head} children={children} />}</Loaded>
  );
}

function TargetAnswer({ target, evidence, question, children }: Required<Props> & { question: QuestionHead }) {
  const params = requestParams(question, applyChanges(new URLSearchParams(), target.parameters));
  const answer = useGet<Answer>(`api/questions/${target.question}/answer`, { ...params, lang: useLanguage(), evidence });
  return <Loaded of={answer}>{(data) => children({ answer: data, show: rolesOf({ answer: data, show: question.show ?? {} }) })}</Loaded>;
}
