// Colours that mean something: of classes, from the ontology, and of whatever else is told apart by colour.
import { useMemo } from "preact/hooks";
import type { Dataset, Ontology } from "../api/types";
import { useGet } from "../api/use";
import { useLanguage } from "./language";

/** Told apart by all common kinds of colour vision, and seen on light and dark: after Okabe and Ito, and Tol. */
export const PALETTE = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#882255", "#44aa99", "#7a6ff0", "#999933"];
export const GREY = "#8a8a8a";

/** A colour of the data, made lighter where the ground is dark. */
export function adaptColor(color: string): string {
  return `light-dark(${color}, color-mix(in srgb, ${color} 60%, white))`;
}

/**
 * Colours for keys, the most frequent first: that which the data gives, so that it is the same everywhere, or else one of those
 * of the palette that are left; those beyond it share a grey.
 */
export function assignColors(keys: Iterable<string>, given: Readonly<Record<string, string>> = {}): Map<string, string> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const ordered = [...counts].sort(([, m], [, n]) => n - m).map(([key]) => key);
  const own = (key: string) => (Object.hasOwn(given, key) ? given[key] : undefined);
  const taken = new Set(ordered.map(own));
  const left = PALETTE.filter((color) => !taken.has(color));
  return new Map(ordered.map((key) => [key, own(key) ?? left.shift() ?? GREY]));
}

export interface Colors {
  readonly of: (key: string) => string;
  /** Its place among those that have a colour of their own; null for the others. */
  readonly placeOf: (key: string) => number | null;
  /** Those that have a colour of their own, the most frequent first. */
  readonly own: readonly string[];
  readonly hasRest: boolean;
}

/** For the keys of all rows, one for each. */
export function useColors(keys: readonly string[]): Colors {
  const loading = useGet<Dataset>("api/dataset", { lang: useLanguage() });
  const given = loading.state === "loaded" ? loading.data.colors : undefined;
  return useMemo(() => colorsOf(keys, given), [keys, given]);
}

export function colorsOf(keys: readonly string[], given?: Readonly<Record<string, string>>): Colors {
  const colors = assignColors(
    keys.filter((key) => Boolean(key)),
    given,
  );
  const own = [...colors].filter(([, color]) => color !== GREY).map(([key]) => key);
  const places = new Map(own.map((key, place) => [key, place]));
  return { of: (key) => colors.get(key) ?? GREY, placeOf: (key) => places.get(key) ?? null, own, hasRest: own.length < new Set(keys).size };
}

/** The colour of each class by its IRI, its own or that of the nearest class above it. */
export function useClassColors(): ReadonlyMap<string, string> {
  const loading = useGet<Ontology>("api/ontology", { lang: useLanguage() });
  const ontology = loading.state === "loaded" ? loading.data : undefined;
  return useMemo(() => classColors(ontology), [ontology]);
}

export function classColors(ontology: Pick<Ontology, "classes"> | undefined): Map<string, string> {
  const found = new Map<string, string>();
  const classes = new Map(ontology?.classes.map((one) => [one.iri, one]));
  const color = (iri: string, seen: ReadonlySet<string>): string | undefined => {
    const one = classes.get(iri);
    if (!one || seen.has(iri)) return undefined;
    if (one.color) return one.color;
    const above = (one.above ?? []) as readonly { iri: string }[];
    return above.map((next) => color(next.iri, new Set([...seen, iri]))).find(Boolean);
  };
  for (const iri of classes.keys()) found.set(iri, color(iri, new Set()) ?? GREY);
  return found;
}
