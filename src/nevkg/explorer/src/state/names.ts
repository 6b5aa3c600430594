// Short names of IRIs: a prefix and what follows it.
export type Prefixes = Readonly<Record<string, string>>;

const LOCAL = /^[\p{L}\p{N}_]([\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u;

/** The prefixed name of an IRI, by the longest namespace that fits; undefined where none does. */
export function prefixedName(iri: string, prefixes: Prefixes): string | undefined {
  let best: readonly [string, string] | undefined;
  for (const one of Object.entries(prefixes)) {
    const fits = iri.startsWith(one[1]) && LOCAL.test(iri.slice(one[1].length));
    if (fits && one[1].length > (best?.[1].length ?? 0)) best = one;
  }
  return best && `${best[0]}:${iri.slice(best[1].length)}`;
}
