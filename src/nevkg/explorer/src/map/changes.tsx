import type { AnswerProps } from "../answer/roles";
import { number, useLanguage, useWords } from "../state/language";
import { CHANGES, ChangeMark } from "../ui/changes";
import { words as shared } from "../ui/words";
import type { Compared } from "./compare";
import type { Gazetteer } from "./gazetteer";
import { RowLink } from "./list";
import { words } from "./words";

interface Props extends AnswerProps {
  readonly changes: ReadonlyMap<string, Compared>;
  readonly where: Gazetteer;
  readonly hot: string | null;
  readonly heat: (key: string | null) => void;
}

/** What changed between the days, as a list: for each place what it is now, and what it was. */
export function ChangeList({ answer, show, changes, where, hot, heat }: Props) {
  const w = useWords(words);
  const s = useWords(shared);
  const lang = useLanguage();
  return (
    <div class="list">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="items" aria-label={s.changes} tabIndex={0}>
        {CHANGES.map((change) => {
          const items = [...changes].filter(([, one]) => one.change === change);
          if (!items.length) return null;
          return (
            <details key={change} open={change !== "same"}>
              <summary>
                <ChangeMark change={change} /> {s.change[change]} <span class="count">{number(items.length, lang)}</span>
              </summary>
              <ul>
                {items.map(([key, { rows, before }]) => (
                  <li key={key} class={key === hot ? "hot" : ""} onPointerEnter={() => heat(key)} onPointerLeave={() => heat(null)}>
                    {[...before, ...rows].map((row) => (
                      <div key={row}>
                        <RowLink
                          answer={answer}
                          show={show}
                          row={row}
                          label={where.places.get(key)?.label ?? key}
                          note={before.includes(row) ? w.was : undefined}
                        />
                      </div>
                    ))}
                  </li>
                ))}
              </ul>
            </details>
          );
        })}
      </section>
    </div>
  );
}
