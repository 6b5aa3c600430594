import { fill, number, useLanguage, useWords } from "../state/language";
import { set } from "../state/route";
import { words as shared } from "../ui/words";
import { type Facet, IS, selectFacet } from "./facets";
import { words } from "./words";

interface FacetProps {
  readonly facets: readonly Facet[];
  readonly selected: ReadonlyMap<string, string>;
}

/** The selected values, each with a button that removes it. */
export function SelectedFacets({ facets, selected }: FacetProps) {
  const s = useWords(shared);
  if (!selected.size) return null;
  return (
    <ul class="chips">
      {[...selected].map(([column, key]) => {
        const label = facets.find((facet) => facet.column === column)?.values.find((value) => value.key === key)?.label ?? key;
        return (
          <li key={column}>
            <bdi>{label}</bdi>
            <button
              type="button"
              aria-label={fill(s.remove, label)}
              onClick={() => set({ [IS]: selectFacet(selected, column, ""), page: null })}
            >
              <span aria-hidden="true">×</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** A menu that selects one value per column. */
export function FacetMenu({ facets, selected }: FacetProps) {
  const w = useWords(words);
  const lang = useLanguage();
  return (
    <details class="menu">
      <summary>{w.narrow}</summary>
      <div>
        {facets.map(({ column, label, values }) => (
          <label key={column}>
            <span>{label}</span>
            <select
              value={selected.get(column) ?? ""}
              onChange={(event) => set({ [IS]: selectFacet(selected, column, event.currentTarget.value), page: null })}
            >
              <option value="">{w.every}</option>
              {values.map((value) => (
                <option key={value.key} value={value.key}>
                  {value.label} ({number(value.count, lang)})
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
    </details>
  );
}
