import { type Figure, isThing } from "../api/types";
import { fill, number, useLanguage, useWords } from "../state/language";
import { thingAddress } from "../thing/address";
import { asText, each } from "../ui/value";
import { figureAddress } from "./address";
import { words } from "./words";

const DAY = /^\d{4}-\d{2}/; // not broken at its hyphens

/** A number, a value or a list of an answer, leading to that answer. */
export function FigureLink({ figure }: { figure: Figure }) {
  const w = useWords(words);
  const text = useFigureText(figure);
  const about = useFigureTitle(figure);
  return (
    <a class="figure" href={figureAddress(figure)} title={figure.problem ?? about}>
      {figure.problem ? w.missing : text}
    </a>
  );
}

function useFigureText({ value, more = 0 }: Figure): string {
  const w = useWords(words);
  const language = useLanguage();
  const texts = each(value).map((one) => asText(one, language));
  // Some names have a comma of their own.
  if (texts.some((one) => one.includes(w.comma.trim())))
    return [...texts, ...(more ? [fill(w.more, number(more, language)).trim()] : [])].join(w.between);
  if (more) return texts.join(w.comma) + fill(w.more, number(more, language));
  return texts.length > 1 ? texts.slice(0, -1).join(w.comma) + w.and + texts.at(-1) : (texts[0] ?? "");
}

/** Which question it answers, for which day, and from how many sources. */
export function useFigureTitle({ title = "", asOf = "", sources = 0 }: Figure): string {
  const w = useWords(words);
  const language = useLanguage();
  return [title, fill(w.asOf, asOf), sources && fill(w.sources, number(sources, language))].filter(Boolean).join(" · ");
}

/** Some rows and columns of an answer. */
export function FigureTable({ figure }: { figure: Figure }) {
  const language = useLanguage();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="scroll" aria-label={figure.title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {figure.labels?.map((label, place) => (
              <th key={figure.columns[place]} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figure.rows?.map((row, place) => (
            <tr key={place}>
              {figure.columns.map((name) => (
                <td key={name} class={DAY.test(String(row[name])) ? "day" : ""}>
                  <span class="values">
                    {each(row[name]).map((one) =>
                      isThing(one) ? (
                        <a key={one.iri} class="thing" href={thingAddress(one.iri)}>
                          {one.label}
                        </a>
                      ) : (
                        <span key={String(one)}>{asText(one, language)}</span>
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
