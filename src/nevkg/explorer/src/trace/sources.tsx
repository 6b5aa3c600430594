import type { Evidence, Source } from "../api/types";
import { fill, useWords } from "../state/language";
import { words } from "./words";

export type Sources = ReadonlyMap<string, Source>;

export function sourcesOf(evidence: Evidence): Sources {
  return new Map(evidence.sources.map((source) => [source.iri, source]));
}

/** How many statements there are that are not shown. */
export function Rest({ evidence }: { evidence: Evidence }) {
  const w = useWords(words);
  const left = evidence.total - evidence.statements.length;
  return left > 0 ? <p class="quiet">{fill(w.rest, left)}</p> : null;
}
