import { useLanguage, useWords } from "../state/language";
import { traceAddress } from "../trace/address";
import { plainPageAddress } from "../trace/plain-page";
import { ArchiveLink, ExternalLink, isWeb, sourceNote } from "../ui/value";
import type { Edge } from "./data";
import { FactList, IriLink, Period, Section } from "./facts";
import type { Graph } from "./graph";
import { IS_STANDALONE } from "./standalone";
import { words } from "./words";

interface Props {
  readonly edge: Edge;
  readonly graph: Graph;
  readonly choose: (name: string) => void;
}

/** The details of a link: its ends, periods, attributes and sources. */
export function EdgePanel({ edge, graph, choose }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const end = (name: string) => (
    <button type="button" class="plain" onClick={() => choose(name)}>
      <bdi>{graph.nodes.get(name)?.label ?? name}</bdi>
    </button>
  );
  // Without evidence of its own, a link leads to the evidence of its source node.
  const traced = edge.evidence.length ? edge.evidence : [graph.nodes.get(edge.source)?.iri ?? ""].filter(Boolean);
  return (
    <>
      <p class="kind">{w.link}</p>
      <h2 id="selection-title" tabIndex={-1}>
        {edge.relation.label}
      </h2>
      <p class="ends">
        {end(edge.source)} <span aria-hidden="true">→</span> {end(edge.target)}
      </p>
      {IS_STANDALONE && edge.evidence.map((iri) => <IriLink key={iri} iri={iri} label={w.trace} />)}
      {!IS_STANDALONE && traced.length > 0 && (
        <p class="onward">
          <a href={traceAddress(traced)}>{w.trace}</a>
          {isWeb(edge.relation.iri) && <a href={plainPageAddress(edge.relation.iri, lang)}>{w.page}</a>}
        </p>
      )}
      <Section title={w.spells}>
        {edge.spells.length ? (
          <ul>
            {edge.spells.map((spell) => (
              <li key={`${spell.from} ${spell.until}`}>
                <Period spell={spell} />
              </li>
            ))}
          </ul>
        ) : (
          <p class="quiet">{w.undated}</p>
        )}
      </Section>
      <FactList facts={edge.facts} />
      <Section title={w.sources}>
        {edge.sources.length ? (
          <ul>
            {edge.sources.map((iri) => {
              const source = graph.sources.get(iri);
              return (
                <li key={iri}>
                  <ExternalLink address={source?.address ?? ""}>{source?.title || source?.publisher || iri}</ExternalLink>{" "}
                  <span class="quiet">{source && sourceNote(source, lang)}</span> {source && <ArchiveLink source={source} />}
                </li>
              );
            })}
          </ul>
        ) : (
          <p class="quiet">{w.noSource}</p>
        )}
      </Section>
    </>
  );
}
