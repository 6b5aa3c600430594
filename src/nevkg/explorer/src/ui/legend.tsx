// Legends. Each entry is a filter, which is kept in the address.
import type { ComponentChildren } from "preact";
import type { Colors } from "../state/colors";
import { number, useLanguage, useWords } from "../state/language";
import { hrefWith } from "../state/route";
import { NOTHING, UNKNOWN } from "./keys";
import "./legend.css";
import { Shape } from "./shapes";
import { words } from "./words";

export interface Filter {
  readonly key: string;
  readonly selected: readonly string[];
  /** Whether the view filters by default, so that the address must state that all entries are selected. */
  readonly isNarrowed?: boolean;
}

/** The value of a filter parameter that selects all entries. */
export const EVERY = "*";

/** Returns the address with the values of an entry added to a filter, or removed from it. */
function toggleAddress(filter: Filter, values: readonly string[]): string {
  const { key, selected } = filter;
  const own = values.map((value) => value || UNKNOWN);
  const isOn = own.every((value) => selected.includes(value));
  const next = isOn ? selected.filter((value) => !own.includes(value)) : [...new Set([...selected, ...own])];
  return next.length ? hrefWith({ [key]: next }) : clearAddress(filter);
}

/** Returns the address with all entries of a filter selected. */
function clearAddress({ key, isNarrowed }: Filter): string {
  return hrefWith({ [key]: isNarrowed ? EVERY : null });
}

export interface ColorLegendProps {
  readonly label: string;
  readonly colors: Colors;
  readonly names: ReadonlyMap<string, string>;
  readonly counts: ReadonlyMap<string, number>;
  readonly filter: Filter;
  /** Whether each colour also has a shape. */
  readonly hasShapes?: boolean;
}

export function ColorLegend({ label, colors, names, counts, filter, hasShapes = false }: ColorLegendProps) {
  const w = useWords(words);
  const rest = [...counts.keys()].filter((key) => !colors.keys.includes(key));
  return (
    <Entries label={label} filter={filter}>
      {colors.keys.map((key) => (
        <Entry key={key} filter={filter} values={[key]} count={counts.get(key) ?? 0} label={names.get(key) ?? key}>
          <Shape shape={hasShapes ? colors.indexOf(key) : 0} color={colors.of(key)} size={6} />
        </Entry>
      ))}
      {rest.length > 0 && (
        <Entry
          filter={filter}
          values={rest}
          count={rest.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0)}
          label={rest.length === 1 && rest[0] === NOTHING ? w.unstated : w.others}
        >
          <Shape shape={hasShapes ? null : 0} color={colors.of(NOTHING)} size={6} />
        </Entry>
      )}
    </Entries>
  );
}

export function Entries({ label, filter, children }: { label: string; filter: Filter; children: ComponentChildren }) {
  const w = useWords(words);
  return (
    <section class="entries">
      {(label || filter.selected.length > 0) && (
        <h2>
          {label} {filter.selected.length > 0 && <a href={clearAddress(filter)}>{w.all}</a>}
        </h2>
      )}
      <ul>{children}</ul>
    </section>
  );
}

interface EntryProps {
  readonly filter: Filter;
  readonly values: readonly string[];
  readonly count: number;
  readonly label: string;
  readonly children: ComponentChildren;
}

export function Entry({ filter, values, count, label, children }: EntryProps) {
  const lang = useLanguage();
  const isOff = filter.selected.length > 0 && !values.some((value) => filter.selected.includes(value || UNKNOWN));
  return (
    <li>
      <a
        class={isOff ? "off" : ""}
        href={toggleAddress(filter, values)}
        aria-current={filter.selected.length > 0 && !isOff ? "true" : undefined}
      >
        <Swatch>{children}</Swatch>
        <bdi>{label}</bdi> <span class="count">{number(count, lang)}</span>
      </a>
    </li>
  );
}

export function Swatch({ children, size = 18 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg class="swatch" width={size} height={size} viewBox={`${-size / 2} ${-size / 2} ${size} ${size}`} aria-hidden="true">
      {children}
    </svg>
  );
}
