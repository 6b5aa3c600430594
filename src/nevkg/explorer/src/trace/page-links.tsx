import { type Evidence, isThing, type Thing } from "../api/types";
import { fill, useWords } from "../state/language";
import { useRoute } from "../state/route";
import { entityAddress, hasPage, nameOf } from "../thing/address";
import { CLICKED } from "./address";
import { subjectOf } from "./statements";
import { words } from "./words";

/** Links from the panel to the pages of the clicked entities, or otherwise of the subjects of the evidence. */
export function PageLinks({ evidence }: { evidence: Evidence }) {
  const w = useWords(words);
  const clicked = useRoute().params.getAll(CLICKED);
  const subjects = [...evidence.episodes.map(({ subject }) => subject), ...evidence.statements.filter(isSupporting).map(subjectOf)].filter(
    isThing,
  );
  const entities: readonly Thing[] = [
    ...evidence.statements.flatMap(({ facts }) => facts.flatMap(({ values }) => values)).filter(isThing),
    ...subjects,
  ];
  const labels = new Map(entities.map(({ iri, label }) => [iri, label]));
  const subjectIris = subjects.map(({ iri }) => iri);
  const isAboutRequested = subjectIris.some((iri) => evidence.asked.includes(iri));
  const candidates = clicked.length ? clicked : isAboutRequested || !subjects.length ? evidence.asked : subjectIris;
  const linked = [...new Set(candidates)].filter((iri) => hasPage(iri) && (labels.has(iri) || clicked.includes(iri)));
  if (!linked.length) return null;
  return (
    <p class="onward pages-of">
      {linked.map((iri) => (
        <a key={iri} href={entityAddress(iri)}>
          {fill(w.pageOf, labels.get(iri) ?? nameOf(iri))}
        </a>
      ))}
    </p>
  );
}

function isSupporting({ role }: { role: string }): boolean {
  return role === "behind";
}
