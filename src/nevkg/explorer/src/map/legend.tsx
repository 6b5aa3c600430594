import type { Colors } from "../state/colors";
import { fill, number, useLanguage, useWords } from "../state/language";
import { set, useRoute } from "../state/route";
import type { Standing } from "../state/standings";
import { Choice } from "../ui/controls";
import { CIRCLE, type ColorLegendProps, Entries, Entry, EVERY, Ring, Swatch } from "../ui/legend";
import { UNKNOWN } from "../ui/values";
import { Mark, shadeColor } from "./layers";
import type { Sizes, shadesOf } from "./markers";
import { words } from "./words";

interface StatusLegendProps extends Omit<ColorLegendProps, "colors"> {
  readonly shapes: ReadonlyMap<string, number>;
  /** The colours of statuses, if they have any. */
  readonly colors: Colors | null;
}

export function StatusLegend({ label, shapes, colors, names, counts, filter }: StatusLegendProps) {
  const w = useWords(words);
  return (
    <Entries label={label} filter={filter}>
      {[...shapes].map(([key, shape]) => (
        <Entry key={key} filter={filter} values={[key]} count={counts?.get(key) ?? 0} label={names.get(key) ?? w.unstated}>
          <Mark r={6} colors={[colors ? colors.of(key) : "currentcolor"]} shape={shape} />
        </Entry>
      ))}
    </Entries>
  );
}

interface StandingFilterProps extends Pick<ColorLegendProps, "label" | "filter"> {
  readonly standings: readonly Standing[];
  readonly counts: ReadonlyMap<string, number>;
}

/** The legend of standings, which also selects them. */
export function StandingFilter({ label, standings, counts, filter }: StandingFilterProps) {
  return (
    <Entries label={label} filter={filter}>
      {standings.map((standing) => (
        <Entry key={standing.iri} filter={filter} values={[standing.iri]} count={counts.get(standing.iri) ?? 0} label={standing.label}>
          <Mark r={4.5} colors={["currentcolor"]} shape={CIRCLE} isFaint={!standing.isUpheld} />
          <Ring r={7.5} standing={standing} />
        </Entry>
      ))}
    </Entries>
  );
}

const MAX_ENTRIES = 8;

interface FilterLegendProps extends Pick<ColorLegendProps, "label" | "names" | "filter"> {
  readonly counts: ReadonlyMap<string, number>;
}

/** The values of a column that is not drawn: entries that select some of them, or a menu for one of many. */
export function FilterLegend({ label, names, counts, filter }: FilterLegendProps) {
  const w = useWords(words);
  const lang = useLanguage();
  const nameOf = (key: string) => names.get(key) ?? w.unstated;
  const keys = [...counts].sort(([a, m], [b, n]) => n - m || nameOf(a).localeCompare(nameOf(b), lang)).map(([key]) => key);
  if (keys.length < 2 && !filter.selected.length) return null;
  if (keys.length <= MAX_ENTRIES)
    return (
      <Entries label={label} filter={filter}>
        {keys.map((key) => (
          <Entry key={key} filter={filter} values={[key]} count={counts.get(key) ?? 0} label={nameOf(key)} />
        ))}
      </Entries>
    );
  return (
    <Choice
      label={label}
      value={filter.selected[0] ?? ""}
      options={[
        ["", w.all],
        ...keys.map((key): [string, string] => [key || UNKNOWN, `${nameOf(key)} (${number(counts.get(key) ?? 0, lang)})`]),
      ]}
      choose={(key) => set({ [filter.key]: key || (filter.isNarrowed ? EVERY : null) })}
    />
  );
}

interface SizeLegendProps {
  readonly label: string;
  readonly sizes: Sizes;
  /** What the sizes of hollow markers are, such as planned; empty if there are none. */
  readonly hollow: string;
}

/** The legend of the sizes of markers. */
export function SizeLegend({ label, sizes, hollow }: SizeLegendProps) {
  const w = useWords(words);
  const lang = useLanguage();
  const unknown = sizes.of(null);
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
            <circle class="empty-disc" r={unknown} />
          </Swatch>
          {w.unsized}
        </li>
        {hollow && (
          <li>
            <Swatch>
              <Mark r={6} colors={["currentcolor"]} shape={CIRCLE} isHollow />
            </Swatch>
            {fill(w.hollowSize, hollow)}
          </li>
        )}
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
