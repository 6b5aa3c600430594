// Standings, which are how well facts are supported, and their line styles; both are from the ontology.

import { useMemo } from "preact/hooks";
import type { Cell, Ontology, Thing } from "../api/types";
import { keysOf } from "../ui/values";
import { useOntology } from "./dataset";

/** The name of the column in answers and of the attribute of links. */
export const STANDING = "standing";

export interface Standing extends Thing {
  /** Alternating lengths of dashes and gaps, in line widths; empty for a solid line. */
  readonly dashes: readonly number[];
  /** Whether sources support the fact well enough to count it. */
  readonly isUpheld: boolean;
}

/** Returns the standings, the best first. */
export function standingsOf(ontology: Pick<Ontology, "concepts"> | undefined): Standing[] {
  const standings = (ontology?.concepts ?? []).flatMap((concept) => {
    const [[text] = [], [rank] = [], [upheld] = []] = [concept.dashes, concept.rank, concept.upheld] as (readonly unknown[] | undefined)[];
    if (typeof text !== "string") return [];
    return [{ iri: concept.iri, label: concept.label, dashes: readDashes(text), isUpheld: upheld === true, rank: Number(rank) || 0 }];
  });
  return standings.sort((a, b) => b.rank - a.rank).map(({ rank: _, ...standing }) => standing);
}

export function readDashes(text: string): number[] {
  const lengths = text.split(/\s+/).map(Number);
  return lengths.every((length) => length > 0) ? lengths : [];
}

export function useStandings(): readonly Standing[] {
  const ontology = useOntology().data;
  return useMemo(() => standingsOf(ontology), [ontology]);
}

/** Returns the best of the standings that cells name by IRI or label. */
export function bestStanding(standings: readonly Standing[], cells: Iterable<Cell | undefined>): Standing | undefined {
  const keys = new Set([...cells].flatMap(keysOf));
  return standings.find(({ iri, label }) => keys.has(iri) || keys.has(label));
}

/** Returns the value of `stroke-dasharray`; undefined for a solid line. */
export function dashArray(standing: Standing | undefined, unit = 1): string | undefined {
  return standing?.dashes.map((length) => Number((length * unit).toFixed(2))).join(" ") || undefined;
}
