import { fill, number, useLanguage, useWords } from "../state/language";
import { set, useRoute } from "../state/route";
import { Choice } from "../ui/controls";
import { type ColorLegendProps, Entries, Entry, Swatch } from "../ui/legend";
import { Disc, shadeColor } from "./layers";
import type { Sizes, Style, shadesOf } from "./markers";
import { words } from "./words";

interface StatusLegendProps extends Omit<ColorLegendProps, "colors"> {
  readonly styles: ReadonlyMap<string, Style>;
}

export function StatusLegend({ label, styles, names, counts, filter }: StatusLegendProps) {
  const w = useWords(words);
  return (
    <Entries label={label} filter={filter}>
      {[...styles].map(([key, style]) => (
        <Entry key={key} filter={filter} values={[key]} count={counts.get(key) ?? 0} label={names.get(key) ?? w.unstated}>
          <Disc r={6} colors={["currentcolor"]} style={style} />
        </Entry>
      ))}
    </Entries>
  );
}

/** The legend of the sizes of markers. */
export function SizeLegend({ label, sizes }: { label: string; sizes: Sizes }) {
  const w = useWords(words);
  const lang = useLanguage();
  return (
    <section class="entries plain">
      <h2>{fill(w.sizes, label)}</h2>
      <ul class="across">
        {sizes.steps.map((step) => (
          <li key={step}>
            <Swatch size={sizes.of(step) * 2 + 4}>
              <circle class="empty-disc" r={sizes.of(step)} />
            </Swatch>
            {number(step, lang)}
          </li>
        ))}
        <li>
          <Swatch size={14}>
            <circle class="empty-disc" r={sizes.of(null)} />
          </Swatch>
          {w.unsized}
        </li>
      </ul>
    </section>
  );
}

/** The legend of the shades of areas. */
export function ShadeLegend({ label, shades }: { label: string; shades: ReturnType<typeof shadesOf> }) {
  const w = useWords(words);
  const lang = useLanguage();
  return (
    <section class="entries plain">
      <h2>{fill(w.shades, label)}</h2>
      <ul class="across">
        {shades.steps.map((step) => (
          <li key={step}>
            <span class="shade" style={{ background: shadeColor(shades.of(step)) }} aria-hidden="true" />
            {number(step, lang)}
          </li>
        ))}
      </ul>
    </section>
  );
}

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
        <Choice label={w.shade} value={group} options={[["", w.none], ...groups]} choose={(key) => set({ shade: key })} />
      )}
      {group && (
        <p role="status">
          <span class="stripe-swatch" aria-hidden="true" /> {fill(w.members, groups.find(([key]) => key === group)?.[1] ?? group, members)}
        </p>
      )}
    </>
  );
}
