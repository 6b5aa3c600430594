// How many of the things in a picture have each standing, and how many are left out.

import type { Language } from "../api/types";
import { fill, number } from "../state/language";
import type { Standing } from "../state/standings";
import { words } from "./words";

/** Returns the counts in words, the best standing first; empty if nothing has a standing. */
export function describePopulation(
  standings: readonly Standing[],
  shown: readonly (Standing | undefined)[],
  leftOut: readonly (Standing | undefined)[],
  lang: Language,
  shownText = words[lang].populationShown,
): string {
  const w = words[lang];
  const describe = (all: readonly (Standing | undefined)[]) =>
    standings
      .map((standing) => ({ label: standing.label, count: all.filter((other) => other?.iri === standing.iri).length }))
      .filter(({ count }) => count > 0)
      .map(({ label, count }) => fill(w.standingCount, number(count, lang), label))
      .join(w.comma);
  const [inPicture, others] = [describe(shown), describe(leftOut)];
  if (!inPicture && !others) return "";
  return [fill(shownText, inPicture || "0"), others && fill(w.populationLeftOut, number(leftOut.length, lang), others)]
    .filter(Boolean)
    .join(w.sentenceGap);
}
