import { type Evidence, isThing, type Thing } from "../api/types";
import { fill, useWords } from "../state/language";
import { useRoute } from "../state/route";
import { hasPage, nameOf, thingAddress } from "../thing/address";
import { OF } from "./address";
import { subjectOf } from "./order";
import { words } from "./words";

/** Leads from the panel to the pages of what was clicked, or else of what the statements are about. */
export function PageLinks({ evidence }: { evidence: Evidence }) {
  const w = useWords(words);
  const clicked = useRoute().params.getAll(OF);
  const subjects = [...evidence.episodes.map((one) => one.subject), ...evidence.statements.filter(isBehind).map(subjectOf)].filter(isThing);
  const things: readonly Thing[] = [
    ...evidence.statements.flatMap((one) => one.facts.flatMap((fact) => fact.values)).filter(isThing),
    ...subjects,
  ];
  const labels = new Map(things.map((one) => [one.iri, one.label]));
  const isAbout = subjects.some((one) => evidence.asked.includes(one.iri));
  const wanted = clicked.length ? clicked : isAbout || !subjects.length ? evidence.asked : subjects.map((one) => one.iri);
  const found = [...new Set(wanted)].filter((iri) => hasPage(iri) && (labels.has(iri) || clicked.includes(iri)));
  if (!found.length) return null;
  return (
    <p class="onward pages-of">
      {found.map((iri) => (
        <a key={iri} href={thingAddress(iri)}>
          {fill(w.pageOf, labels.get(iri) ?? nameOf(iri))}
        </a>
      ))}
    </p>
  );
}

function isBehind({ role }: { role: string }): boolean {
  return role === "behind";
}
