import { type Figure, isThing } from "../api/types";
import { fill, number, useLanguage, useWords } from "../state/language";
import { entityAddress } from "../thing/address";
import { asText, each } from "../ui/value";
import { figureAddress } from "./address";
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
  return [title, fill(w.asOf, asOf), sources && fill(w.sources, number(sources, lang))].filter(Boolean).join(" · ");
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
