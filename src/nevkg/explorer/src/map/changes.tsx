import type { AnswerProps } from "../answer/roles";
import { number, useLanguage, useWords } from "../state/language";
import { CHANGES, ChangeMark } from "../ui/changes";
import { words as shared } from "../ui/words";
import type { PlaceChange } from "./compare";
import type { Gazetteer } from "./gazetteer";
import { RowLink } from "./list";
import { words } from "./words";

interface Props extends AnswerProps {
  readonly changes: ReadonlyMap<string, PlaceChange>;
  readonly gazetteer: Gazetteer;
  readonly hoveredKey: string | null;
  readonly onHover: (key: string | null) => void;
}

/** The list of changes between two days: for each place its rows before and after. */
export function ChangeList({ answer, show, changes, gazetteer, hoveredKey, onHover }: Props) {
  const w = useWords(words);
  const s = useWords(shared);
  const lang = useLanguage();
  return (
    <div class="list">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolling by keyboard needs focus */}
      <section class="items" aria-label={s.changes} tabIndex={0}>
        {CHANGES.map((change) => {
          const items = [...changes].filter(([, place]) => place.change === change);
          if (!items.length) return null;
          return (
            <details key={change} open={change !== "same"}>
              <summary>
                <ChangeMark change={change} /> {s.change[change]} <span class="count">{number(items.length, lang)}</span>
              </summary>
              <ul>
                {items.map(([key, { rows, before }]) => (
                  <li
                    key={key}
                    class={key === hoveredKey ? "hot" : ""}
                    onPointerEnter={() => onHover(key)}
                    onPointerLeave={() => onHover(null)}
                  >
                    {[...before, ...rows].map((row) => (
                      <div key={row}>
                        <RowLink
                          answer={answer}
                          show={show}
                          row={row}
                          label={gazetteer.places.get(key)?.label ?? key}
                          note={before.includes(row) ? w.before : undefined}
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
