import { fill, useWords } from "../state/language";
import { set, useRoute } from "../state/route";
import { words } from "./words";

interface Props {
  readonly hasHomes: boolean;
  /** Keys and names of the groups of places that can be highlighted. */
  readonly groups: readonly (readonly [string, string])[];
  /** The key of the highlighted group, and the number of its places. */
  readonly group: string;
  readonly members: number;
}

/** Controls for arcs and highlighted areas. */
export function Tools({ hasHomes, groups, group, members }: Props) {
  const w = useWords(words);
  const { params } = useRoute();
  return (
    <>
      {hasHomes && (
        <label class="switch">
          <input
            type="checkbox"
            checked={params.has("arcs")}
            onChange={(event) => set({ arcs: event.currentTarget.checked ? "on" : null })}
          />
          {w.arcs}
        </label>
      )}
      {groups.length > 0 && (
        <label class="switch">
          {w.shade}
          <select value={group} onChange={(event) => set({ shade: event.currentTarget.value })}>
            <option value="">{w.none}</option>
            {groups.map(([key, name]) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {group && (
        <p role="status">
          <span class="stripe-swatch" aria-hidden="true" /> {fill(w.members, groups.find(([key]) => key === group)?.[1] ?? group, members)}
        </p>
      )}
    </>
  );
}
