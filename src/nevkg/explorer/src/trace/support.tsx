// How well a fact is supported, in words and marks.
import type { Episode, Language } from "../api/types";
import { fill, useWords } from "../state/language";
import { words } from "./words";

// Marks of episodes. The server returns their names in the ontology, which do not depend on the language.
const DISPUTED = "disputed";
const INFERRED = "inferred";

/** Returns the number of independent sources in words; empty if there are none. */
export function witnessText(witnesses: number, lang: Language): string {
  const w = words[lang];
  return witnesses === 1 ? w.witness : witnesses > 1 ? fill(w.witnesses, witnesses) : "";
}

/** Returns the standing of a fact, unless it is disputed, and the number of its independent sources. */
export function supportText({ is_disputed, standing, witnesses }: Support, lang: Language): string {
  return [is_disputed ? "" : standing, witnessText(witnesses, lang)].filter(Boolean).join(words[lang].comma);
}

type Support = Pick<Episode, "is_disputed" | "standing" | "witnesses">;

/** Returns the marks of a fact that have no component of their own. */
export function otherMarks({ marks }: Pick<Episode, "marks">): string[] {
  return marks.filter((mark) => mark !== INFERRED && mark !== DISPUTED);
}

/** The marks of a fact that sources dispute, or that no source states directly. */
export function FactMarks({ fact: { is_disputed, marks } }: { fact: Pick<Episode, "is_disputed" | "marks"> }) {
  const w = useWords(words);
  return (
    <>
      {is_disputed && (
        <span class="mark disputed" title={w.disputedWhy}>
          {w.disputed}
        </span>
      )}{" "}
      {marks.includes(INFERRED) && (
        <span class="mark inferred" title={w.inferredWhy}>
          {w.inferred}
        </span>
      )}
    </>
  );
}
