import type { Evidence, Source } from "../api/types";
import { fill, useWords } from "../state/language";
import { words } from "./words";

export type Sources = ReadonlyMap<string, Source>;

export function sourcesOf(evidence: Evidence): Sources {
  return new Map(evidence.sources.map((source) => [source.iri, source]));
}

/** The number of statements that are not shown. */
export function RemainingCount({ evidence }: { evidence: Evidence }) {
  const w = useWords(words);
  const remaining = evidence.total - evidence.statements.length;
  return remaining > 0 ? <p class="quiet">{fill(w.remaining, remaining)}</p> : null;
}
