// Prefixed names of IRIs.
export type Prefixes = Readonly<Record<string, string>>;

const LOCAL = /^[\p{L}\p{N}_]([\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u;

/** Returns the prefixed name of an IRI by the longest matching namespace; undefined if none matches. */
export function prefixedName(iri: string, prefixes: Prefixes): string | undefined {
  let best: readonly [string, string] | undefined;
  for (const entry of Object.entries(prefixes)) {
    const matches = iri.startsWith(entry[1]) && LOCAL.test(iri.slice(entry[1].length));
    if (matches && entry[1].length > (best?.[1].length ?? 0)) best = entry;
  }
  return best && `${best[0]}:${iri.slice(best[1].length)}`;
}
