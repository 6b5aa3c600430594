import type { Source, Statement } from "../api/types";
import { pageOf } from "../state/address";
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
      <SourceLine source={source} iri={statement.source} address={statement.link} />
      {statement.passages.map((passage) => (
        <p class="passage" key={passage.iri}>
          <a href={pageOf(passage.iri, lang)} title={w.passageWhy}>
            {fill(w.passage, passage.length)}
          </a>{" "}
          <small title={w.sha}>
            <code>sha256 {passage.digest.slice(0, 16)}…</code>
          </small>
          {passage.text && (
            <q class="page" dir="auto">
              {passage.text.before}
              <mark>{passage.text.words}</mark>
              {passage.text.after}
            </q>
          )}
          {passage.fault && <span class="quiet"> {passage.fault}</span>}
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
        <a href={pageOf(statement.iri, lang)}>{w.detailsPage}</a>
      </details>
    </article>
  );
}

/** `address` is that of the source, with what a browser looks for on its page. */
function SourceLine({ source, iri, address }: { source: Source | undefined; iri: string; address: string }) {
  const w = useWords(words);
  const shown = source && { ...source, address: address || source.address, published: source.published || w.undated };
  return <p class="source">{shown ? <SourceLink source={shown} /> : iri}</p>;
}
