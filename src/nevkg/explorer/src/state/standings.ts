// How well facts are supported: the standings of the ontology, and how each is drawn.
import { useMemo } from "preact/hooks";
import type { Cell, Ontology, Thing } from "../api/types";
import { useGet } from "../api/use";
import { keysOf } from "../ui/keys";
import { useLanguage } from "./language";

/** The column of answers, and the attribute of links. */
export const STANDING = "standing";

export interface Standing extends Thing {
  /** Lengths of dashes and gaps in turn, in widths of a thin line; none for a solid one. */
  readonly dashes: readonly number[];
}

/** The standings, the best first. */
export function standingsOf(ontology: Pick<Ontology, "concepts"> | undefined): Standing[] {
  const found = (ontology?.concepts ?? []).flatMap((one) => {
    const [[text] = [], [rank] = []] = [one.dashes, one.rank] as (readonly unknown[] | undefined)[];
    return typeof text === "string" ? [{ iri: one.iri, label: one.label, dashes: readDashes(text), rank: Number(rank) || 0 }] : [];
  });
  return found.sort((a, b) => b.rank - a.rank).map(({ iri, label, dashes }) => ({ iri, label, dashes }));
}

export function readDashes(text: string): number[] {
  const lengths = text.split(/\s+/).map(Number);
  return lengths.every((length) => length > 0) ? lengths : [];
}

export function useStandings(): readonly Standing[] {
  const loading = useGet<Ontology>("api/ontology", { lang: useLanguage() });
  const ontology = loading.state === "loaded" ? loading.data : undefined;
  return useMemo(() => standingsOf(ontology), [ontology]);
}

/** The best standing that some cells name, by its IRI or its label. */
export function bestStanding(standings: readonly Standing[], cells: Iterable<Cell | undefined>): Standing | undefined {
  const keys = new Set([...cells].flatMap(keysOf));
  return standings.find(({ iri, label }) => keys.has(iri) || keys.has(label));
}

/** Its dashes as SVG has them. */
export function dashArray(standing: Standing | undefined, unit = 1): string | undefined {
  return standing?.dashes.map((length) => Number((length * unit).toFixed(2))).join(" ") || undefined;
}
