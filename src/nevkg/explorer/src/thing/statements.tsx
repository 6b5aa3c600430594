import { useRef } from "preact/hooks";
import type { Evidence } from "../api/types";
import { useGet } from "../api/use";
import { useLanguage, useWords } from "../state/language";
import { Statements } from "../trace/everything";
import { plain } from "../trace/plain";
import { Loaded } from "../ui/loaded";
import { useNear } from "./use-near";
import { words } from "./words";

/** All that sources say of an entity, best supported first. */
export function AllStatements({ iri, day }: { iri: string; day: string | undefined }) {
  const w = useWords(words);
  const language = useLanguage();
  const self = useRef<HTMLElement>(null);
  const isNear = useNear(self);
  const loading = useGet<Evidence>(isNear ? "api/evidence" : null, { iri, as_of: day, lang: language });
  return (
    <section class="statements" ref={self}>
      <h2>{w.statements}</h2>
      <p class="quiet">{w.ordered}</p>
      {isNear && <Loaded of={loading}>{(evidence) => <Statements evidence={evidence} />}</Loaded>}
      <p>
        <a href={`${plain(iri, language)}#named`}>{w.mentions}</a>
      </p>
    </section>
  );
}
