import type { Source, Statement } from "../api/types";
import { plainPageAddress } from "../state/address";
import { fill, useLanguage, useWords } from "../state/language";
import { asText, ExternalLink, SourceLink, timeText } from "../ui/values";
import { words } from "./words";

/** A statement with its time, qualifiers, source and passages. `hasHead` shows its property and value. */
export function StatementCard({
  statement,
  source,
  hasHead = true,
}: {
  statement: Statement;
  source: Source | undefined;
  hasHead?: boolean;
}) {
  const w = useWords(words);
  const lang = useLanguage();
  return (
    <article class={`statement${statement.retracted ? " retracted" : ""}`}>
      {hasHead && (
        <p class="says">
          <span class="property">{statement.property}</span> <b>{statement.value}</b>
        </p>
      )}
      <p class="how">
        {statement.when && <time>{timeText(statement.when, lang)}</time>}
        {statement.retracted && <span class="mark retracted">{w.retracted}</span>}
        {statement.qualifiers.map((qualifier) => (
          <span class="qualifier" key={qualifier}>
            {qualifier}
          </span>
        ))}
      </p>
      {statement.text && <p class="text">{statement.text}</p>}
      <SourceLine source={source} iri={statement.source} />
      {statement.passages.map((passage) => (
        <p class="passage" key={passage.iri}>
          <a href={plainPageAddress(passage.iri, lang)} title={w.passageWhy}>
            {fill(w.passage, passage.length)}
          </a>{" "}
          <small title={w.sha}>
            <code>sha256 {passage.digest.slice(0, 16)}…</code>
          </small>
        </p>
      ))}
      {statement.report && (
        <p class="quiet">
          <ExternalLink address={statement.report}>{w.wrong}</ExternalLink>
        </p>
      )}
      <details>
        <summary>{w.facts}</summary>
        <dl>
          {statement.facts.map((fact) => (
            <div key={fact.property.iri}>
              <dt>{fact.property.label}</dt>
              <dd>{fact.values.map((value) => asText(value, lang)).join("; ")}</dd>
            </div>
          ))}
        </dl>
        <a href={plainPageAddress(statement.iri, lang)}>{w.detailsPage}</a>
      </details>
    </article>
  );
}

function SourceLine({ source, iri }: { source: Source | undefined; iri: string }) {
  const w = useWords(words);
  return <p class="source">{source ? <SourceLink source={{ ...source, published: source.published || w.undated }} /> : iri}</p>;
}
