// Marks, and legends whose entries are filters, which are kept in the address.

import type { ComponentChildren } from "preact";
import type { Colors } from "../state/colors";
import { fill, number, useLanguage, useWords } from "../state/language";
import { hrefWith } from "../state/route";
import { dashArray, type Standing } from "../state/standings";
import { NOTHING, UNKNOWN } from "./values";
import { words } from "./words";
import "./standing.css";
import "./legend.css";

/** Returns the corners of a regular polygon as x and y in turn. */
const polygon = (count: number, turn = 0): number[] =>
  Array.from({ length: count }, (_, index) => {
    const angle = ((index + turn) / count) * 2 * Math.PI - Math.PI / 2;
    return [Math.cos(angle), Math.sin(angle)];
  }).flat();
const star = polygon(10).map((value, index) => (Math.floor(index / 2) % 2 ? value * 0.5 : value));

/** Outlines as x and y in turn, from -1 to 1; an empty outline is a circle. */
export const SHAPES: readonly (readonly number[])[] = [
  [],
  [-0.86, -0.86, 0.86, -0.86, 0.86, 0.86, -0.86, 0.86],
  [0, -1, 1, 0, 0, 1, -1, 0],
  [0, -0.95, 1, 0.8, -1, 0.8],
  polygon(6),
  [0, 0.95, 1, -0.8, -1, -0.8],
  polygon(5),
  star,
  [-0.35, -1, 0.35, -1, 0.35, -0.35, 1, -0.35, 1, 0.35, 0.35, 0.35, 0.35, 1, -0.35, 1, -0.35, 0.35, -1, 0.35, -1, -0.35, -0.35, -0.35],
  polygon(8, 0.5),
  [0, -0.5, 0.5, -1, 1, -0.5, 0.5, 0, 1, 0.5, 0.5, 1, 0, 0.5, -0.5, 1, -1, 0.5, -0.5, 0, -1, -0.5, -0.5, -1],
];
/** The indices of the shapes that are signs, and of the circle. */
export const [CIRCLE, DIAMOND, PLUS, CROSS] = [0, 2, 8, 10] as const;

/** Returns the outline of a shape around the origin, as the path of an SVG element. */
export function shapePath(shape: number, size: number): string {
  const points = SHAPES[shape % SHAPES.length] ?? [];
  if (!points.length) return `M${-size},0a${size},${size} 0 1,1 ${2 * size},0a${size},${size} 0 1,1 ${-2 * size},0Z`;
  const pairs = points.map((value) => (value * size * 1.12).toFixed(2));
  return `M${pairs.reduce((path, value, index) => `${path}${index === 0 ? "" : index % 2 ? "," : "L"}${value}`, "")}Z`;
}

/** A mark around the origin; null is a ring, for values that share a colour. */
export function Shape({ shape, color, size }: { shape: number | null; color: string; size: number }) {
  if (shape === null) return <circle r={size * 0.75} fill="var(--ground)" stroke={color} stroke-width={size * 0.5} />;
  const points = SHAPES[shape % SHAPES.length] ?? [];
  return points.length ? (
    <polygon points={points.map((value) => (value * size * 1.12).toFixed(2)).join(" ")} fill={color} />
  ) : (
    <circle r={size} fill={color} />
  );
}

interface Props {
  readonly label: string;
  readonly standings: readonly Standing[];
  /** The label for items without a standing; empty if there are none. */
  readonly none?: string;
}

/** A ring around a mark whose dashes show the standing. */
export function Ring({ r, standing }: { r: number; standing: Standing | undefined }) {
  if (!standing) return null;
  return <circle r={r} fill="none" stroke="var(--ink)" stroke-width="1.2" stroke-dasharray={dashArray(standing, 1.2)} />;
}

/** The legend for the dashes of lines and rings. */
export function StandingLegend({ label, standings, none = "" }: Props) {
  if (!standings.length) return null;
  return (
    <section class="standings">
      <h2>{label}</h2>
      <ul>
        {standings.map((standing) => (
          <li key={standing.iri}>
            <svg width="34" height="8" aria-hidden="true">
              <path d="M0 4H34" stroke="currentcolor" stroke-width="1.6" stroke-dasharray={dashArray(standing, 1.2)} />
            </svg>
            <bdi>{standing.label}</bdi>
          </li>
        ))}
        {none && (
          <li>
            <svg width="34" height="8" aria-hidden="true">
              <path d="M0 4H34" stroke="currentcolor" stroke-width="0.7" />
            </svg>
            {none}
          </li>
        )}
      </ul>
    </section>
  );
}

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
  /** How many marks each key has; without it, the legend shows no numbers. */
  readonly counts?: ReadonlyMap<string, number>;
  readonly hasUnstated?: boolean | undefined;
  readonly filter: Filter;
  /** Whether each key also has a shape; then grey ones have an entry of their own as long as there are shapes. */
  readonly hasShapes?: boolean;
}

const MAX_NAMED = 30;

/** The legend of colours, with one entry for all keys that share the grey; their names are shown at the pointer. */
export function ColorLegend({
  label,
  colors,
  names,
  counts,
  hasUnstated = counts?.has(NOTHING),
  filter,
  hasShapes = false,
}: ColorLegendProps) {
  const w = useWords(words);
  const lang = useLanguage();
  const named = hasShapes ? colors.all.slice(0, SHAPES.length) : colors.keys;
  const rest = [...colors.all.filter((key) => !named.includes(key)), ...(hasUnstated ? [NOTHING] : [])];
  const countOf = (keys: readonly string[]) => counts && keys.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0);
  const restNames = rest.map((key) => names.get(key) ?? w.unstated);
  return (
    <Entries label={label} filter={filter}>
      {named.map((key) => (
        <Entry key={key} filter={filter} values={[key]} count={countOf([key])} label={names.get(key) ?? key}>
          <Shape shape={hasShapes ? colors.indexOf(key) : 0} color={colors.of(key)} size={6} />
        </Entry>
      ))}
      {rest.length > 0 && (
        <Entry
          filter={filter}
          values={rest}
          count={countOf(rest)}
          label={rest.length === 1 ? (restNames[0] ?? "") : fill(w.others, number(rest.length, lang))}
          title={[...restNames.slice(0, MAX_NAMED), ...(rest.length > MAX_NAMED ? ["…"] : [])].join("; ")}
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
  readonly count: number | undefined;
  readonly label: string;
  readonly title?: string;
  readonly children?: ComponentChildren;
}

export function Entry({ filter, values, count, label, title, children }: EntryProps) {
  const lang = useLanguage();
  const isOff = filter.selected.length > 0 && !values.some((value) => filter.selected.includes(value || UNKNOWN));
  return (
    <li>
      <a
        class={isOff ? "off" : ""}
        href={toggleAddress(filter, values)}
        title={title}
        aria-current={filter.selected.length > 0 && !isOff ? "true" : undefined}
      >
        {children && <Swatch>{children}</Swatch>}
        <bdi>{label}</bdi> {count !== undefined && <span class="count">{number(count, lang)}</span>}
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
