import { fill, number, useLanguage, useWords } from "../state/language";
import { set } from "../state/route";
import { words as shared } from "../ui/words";
import { choosing, type Facet, IS } from "./facets";
import { words } from "./words";

interface NarrowProps {
  readonly facets: readonly Facet[];
  readonly chosen: ReadonlyMap<string, string>;
}

/** By what the table is narrowed, with the way back. */
export function Chosen({ facets, chosen }: NarrowProps) {
  const s = useWords(shared);
  if (!chosen.size) return null;
  return (
    <ul class="chips">
      {[...chosen].map(([column, key]) => {
        const label = facets.find((one) => one.column === column)?.values.find((one) => one.key === key)?.label ?? key;
        return (
          <li key={column}>
            <bdi>{label}</bdi>
            <button
              type="button"
              aria-label={fill(s.remove, label)}
              onClick={() => set({ [IS]: choosing(chosen, column, ""), page: null })}
            >
              <span aria-hidden="true">×</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** One value of a column at a time. */
export function Narrow({ facets, chosen }: NarrowProps) {
  const w = useWords(words);
  const tongue = useLanguage();
  return (
    <details class="menu">
      <summary>{w.narrow}</summary>
      <div>
        {facets.map(({ column, label, values }) => (
          <label key={column}>
            <span>{label}</span>
            <select
              value={chosen.get(column) ?? ""}
              onChange={(event) => set({ [IS]: choosing(chosen, column, event.currentTarget.value), page: null })}
            >
              <option value="">{w.every}</option>
              {values.map((value) => (
                <option key={value.key} value={value.key}>
                  {value.label} ({number(value.count, tongue)})
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
    </details>
  );
}
