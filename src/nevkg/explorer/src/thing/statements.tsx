import { useRef } from "preact/hooks";
import type { Evidence } from "../api/types";
import { useGet } from "../api/use";
import { useLanguage, useWords } from "../state/language";
import { Statements } from "../trace/entity-evidence";
import { plainPageAddress } from "../trace/plain-page";
import { Loaded } from "../ui/loaded";
import { useIsNear } from "./use-is-near";
import { words } from "./words";

/** All statements about an entity, the best supported values first. */
export function AllStatements({ iri, day }: { iri: string; day: string | undefined }) {
  const w = useWords(words);
  const lang = useLanguage();
  const section = useRef<HTMLElement>(null);
  const isNear = useIsNear(section);
  const loading = useGet<Evidence>(isNear ? "api/evidence" : null, { iri, as_of: day, lang });
  return (
    <section class="statements" ref={section}>
      <h2>{w.statements}</h2>
      <p class="quiet">{w.ordered}</p>
      {isNear && <Loaded of={loading}>{(evidence) => <Statements evidence={evidence} />}</Loaded>}
      <p>
        <a href={`${plainPageAddress(iri, lang)}#named`}>{w.mentions}</a>
      </p>
    </section>
  );
}
