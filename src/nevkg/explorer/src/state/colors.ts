// Colours of classes, from the ontology, and of the keys of legends.

import { useMemo } from "preact/hooks";
import type { Ontology, Row } from "../api/types";
import { countBy, keysOf } from "../ui/values";
import { useDataset, useOntology } from "./dataset";

/** Colours that remain distinct with colour vision deficiencies, on light and dark: after Okabe and Ito, and Tol. */
export const PALETTE = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#882255", "#44aa99", "#7a6ff0", "#999933"];
export const GREY = "#8a8a8a";
/** More colours are hard to distinguish in one picture. */
export const MAX_COLORS = 8;
const MIN_DISTANCE = 60; // in RGB, between a colour of the palette and those of the data

/** Makes a colour of the data lighter on a dark background. */
export function adaptColor(color: string): string {
  return `light-dark(${color}, color-mix(in srgb, ${color} 60%, white))`;
}

/**
 * Assigns colours to keys, those with the greatest weight first: the colour from the data, so that it is the same everywhere,
 * otherwise one of the palette, which depends on the key so that it is mostly the same. No colour is assigned twice.
 */
function assignColors(ordered: readonly string[], dataColors: Readonly<Record<string, string>> = {}): Map<string, string> {
  const colors = new Map<string, string>();
  const used = new Set<string>();
  const assign = (key: string, color: string | undefined) => {
    if (!color || used.has(color)) return;
    colors.set(key, color);
    used.add(color);
  };
  for (const key of ordered) if (Object.hasOwn(dataColors, key)) assign(key, dataColors[key]?.toLowerCase());
  for (const key of ordered) {
    if (colors.has(key)) continue;
    const start = hash(key) % PALETTE.length;
    const candidates = [...PALETTE.slice(start), ...PALETTE.slice(0, start)].filter((color) => !used.has(color));
    assign(key, candidates.find((color) => [...used].every((other) => distance(color, other) > MIN_DISTANCE)) ?? candidates[0]);
  }
  return colors;
}

function hash(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65521;
  return sum;
}

function distance(a: string, b: string): number {
  const parts = (color: string) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const [first, second] = [parts(a), parts(b)];
  return Math.hypot(...first.map((value, index) => value - (second[index] ?? 0)));
}

export interface Colors {
  readonly of: (key: string) => string;
  /** The index of a key in `all`, for its shape; null if it is not among them. */
  readonly indexOf: (key: string) => number | null;
  /** The keys that have a colour of their own, those with the greatest weight first. */
  readonly keys: readonly string[];
  /** All keys, those with the greatest weight first. */
  readonly all: readonly string[];
}

/** Returns the colours for keys with their weights. */
export function useColors(weights: ReadonlyMap<string, number>): Colors {
  const dataColors = useDataset()?.colors;
  return useMemo(() => colorsOf(weights, dataColors), [weights, dataColors]);
}

/** Returns the colours for the values of a column, which are weighted by their number of rows. */
export function useColumnColors(rows: readonly Row[], column: string | undefined): Colors {
  return useColors(useMemo(() => countBy(column ? rows.flatMap((row) => keysOf(row[column])) : []), [rows, column]));
}

/** Returns the colours for keys with their weights: of their own for the greatest, grey for the others. */
export function colorsOf(weights: ReadonlyMap<string, number>, dataColors?: Readonly<Record<string, string>>): Colors {
  const all = [...weights]
    .filter(([key]) => Boolean(key))
    .sort(([, m], [, n]) => n - m)
    .map(([key]) => key);
  const colors = assignColors(all.slice(0, MAX_COLORS), dataColors);
  const indices = new Map(all.map((key, index) => [key, index]));
  return {
    of: (key) => colors.get(key) ?? GREY,
    indexOf: (key) => indices.get(key) ?? null,
    keys: all.filter((key) => colors.has(key)),
    all,
  };
}

/** Returns the colour of each class by its IRI: its own, or that of the nearest superclass. */
export function useClassColors(): ReadonlyMap<string, string> {
  const ontology = useOntology().data;
  return useMemo(() => classColors(ontology), [ontology]);
}

export function classColors(ontology: Pick<Ontology, "classes"> | undefined): Map<string, string> {
  const result = new Map<string, string>();
  const classes = new Map(ontology?.classes.map((term) => [term.iri, term]));
  const color = (iri: string, seen: ReadonlySet<string>): string | undefined => {
    const term = classes.get(iri);
    if (!term || seen.has(iri)) return undefined;
    if (term.color) return term.color;
    const above = (term.above ?? []) as readonly { iri: string }[];
    return above.map((next) => color(next.iri, new Set([...seen, iri]))).find(Boolean);
  };
  for (const iri of classes.keys()) result.set(iri, color(iri, new Set()) ?? GREY);
  return result;
}
