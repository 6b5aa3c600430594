// The contents of the evidence panel: the evidence of an entity, or of facts.

import { useState } from "preact/hooks";
import { type Episode, type Evidence, isThing, type Source, type Statement, type Thing } from "../api/types";
import { CLICKED, entityAddress, hasPage, pageOf, traceAddress } from "../state/address";
import { fill, useLanguage, useWords } from "../state/language";
import { href, nameOf, useRoute } from "../state/route";
import { useStandings } from "../state/standings";
import { FilterField } from "../ui/controls";
import { Empty } from "../ui/loading";
import { matcherOf } from "../ui/text";
import { timeText } from "../ui/values";
import { StatementCard } from "./statement";
import { bestSupported, groupByProperty, periodOf, searchText, splitByAgreement, subjectOf } from "./statements";
import { FactMarks, otherMarks, supportText, witnessText } from "./support";
import { words } from "./words";

const MAX_SUMMARIES = 3;

type Sources = ReadonlyMap<string, Source>;

function sourcesOf(evidence: Evidence): Sources {
  return new Map(evidence.sources.map((source) => [source.iri, source]));
}

/** The number of statements that are not shown. */
function RemainingCount({ evidence }: { evidence: Evidence }) {
  const w = useWords(words);
  const remaining = evidence.total - evidence.statements.length;
  return remaining > 0 ? <p class="quiet">{fill(w.remaining, remaining)}</p> : null;
}

/** All statements about an entity, by property. */
export function EntityEvidence({ evidence }: { evidence: Evidence }) {
  const w = useWords(words);
  const lang = useLanguage();
  const [iri = ""] = evidence.asked;
  const label = evidence.statements.map(subjectOf).find((subject) => subject?.iri === iri)?.label ?? iri;
  return (
    <>
      <p class="lead">{fill(w.of, label)}</p>
      <nav class="onward">
        <a href={href("explore", "", { thing: iri })}>{w.showInGraph}</a>
        <a href={pageOf(iri, lang)}>{w.detailsPage}</a>
      </nav>
      <Statements evidence={evidence} />
    </>
  );
}

/** Statements by property, the best supported values first, with a filter. */
export function Statements({ evidence }: { evidence: Evidence }) {
  const w = useWords(words);
  const standings = useStandings();
  const [filter, setFilter] = useState("");
  const sources = sourcesOf(evidence);
  const isMatch = matcherOf(filter);
  const matching = evidence.statements.filter((statement) => isMatch(searchText(statement, sources.get(statement.source))));
  if (!evidence.statements.length) return <Empty>{w.none}</Empty>;
  return (
    <>
      <FilterField label={w.filter} value={filter} change={setFilter} />
      <p class="quiet" role="status">
        {fill(w.found, matching.length, evidence.total)}
      </p>
      {[...groupByProperty(matching, standings)].map(([property, values]) => (
        <section key={property} class="property-group">
          <h3>{property}</h3>
          {[...values].map(([value, statements]) => (
            <details key={value} class="value" open={filter.trim() !== "" || statements.some(({ passages }) => passages.length > 0)}>
              <summary>
                <b>{value}</b> <Support statements={statements} />
              </summary>
              {statements.map((statement) => (
                <StatementCard key={statement.iri} statement={statement} source={sources.get(statement.source)} hasHead={false} />
              ))}
            </details>
          ))}
        </section>
      ))}
      <RemainingCount evidence={evidence} />
    </>
  );
}

/** The period in which a value is reported, and its best support. */
function Support({ statements }: { statements: readonly Statement[] }) {
  const w = useWords(words);
  const lang = useLanguage();
  const best = bestSupported(statements);
  const parts = [
    timeText(periodOf(statements), lang),
    best?.standing?.label,
    witnessText(best?.witnesses ?? 0, lang),
    fill(w.sourceCount, new Set(statements.map(({ source }) => source)).size),
  ];
  return <span class="quiet">{parts.filter(Boolean).join(" · ")}</span>;
}

/** The evidence of the facts of a cell, an edge or a bar: their episodes, supporting statements, and other statements about the same. */
export function FactEvidence({ evidence }: { evidence: Evidence }) {
  const w = useWords(words);
  const sources = sourcesOf(evidence);
  const supporting = evidence.statements.filter(isSupporting);
  const [exact, implied] = [supporting.filter(isExact), supporting.filter((statement) => !isExact(statement))];
  const { agree, stages, differ } = splitByAgreement(evidence.statements);
  const isRequested = ({ iri }: { iri: string }) => evidence.asked.includes(iri);
  // Best supported first: the other facts of a cell only locate or describe its entity.
  const requested = evidence.episodes.filter(isRequested).sort((a, b) => b.witnesses - a.witnesses);
  const otherEpisodes = evidence.episodes.filter((episode) => !isRequested(episode));
  const subjects = new Map<string, Thing>();
  for (const subject of [...requested.map(({ subject }) => subject), ...supporting.map(subjectOf)])
    if (subject) subjects.set(subject.iri, subject);
  return (
    <>
      {requested.slice(0, MAX_SUMMARIES).map((episode) => (
        <EpisodeSummary key={episode.iri} episode={episode} />
      ))}
      {requested.length > MAX_SUMMARIES && (
        <details class="follows">
          <summary>{fill(w.moreFacts, requested.length - MAX_SUMMARIES)}</summary>
          {requested.slice(MAX_SUMMARIES).map((episode) => (
            <EpisodeSummary key={episode.iri} episode={episode} />
          ))}
        </details>
      )}
      <StatementList title={w.exact} statements={exact} sources={sources} class="exact" />
      <StatementList title={exact.length ? w.implied : w.behind} statements={implied} sources={sources} />
      {supporting.length === 0 && <Empty>{w.none}</Empty>}
      {agree.length + stages.length + differ.length > 0 && (
        <div class="beside">
          <StatementList title={w.agree} statements={agree} sources={sources} />
          <StatementList title={w.stages} statements={stages} sources={sources} />
          <StatementList title={w.differ} statements={differ} sources={sources} />
        </div>
      )}
      {otherEpisodes.length > 0 && (
        <details class="follows">
          <summary>
            {w.history} <span class="count">{otherEpisodes.length}</span>
          </summary>
          {otherEpisodes.map((episode) => (
            <EpisodeSummary key={episode.iri} episode={episode} />
          ))}
        </details>
      )}
      <RemainingCount evidence={evidence} />
      <nav class="onward">
        {[...subjects.values()].map(({ iri, label }) => (
          <a key={iri} href={traceAddress([iri])}>
            {fill(w.everything, label)}
          </a>
        ))}
      </nav>
    </>
  );
}

function EpisodeSummary({ episode }: { episode: Episode }) {
  const w = useWords(words);
  const lang = useLanguage();
  return (
    <section class="spell">
      <p class="says">
        <bdi>{episode.subject.label}</bdi> <span class="property">{episode.property}</span> <b>{episode.value}</b>
      </p>
      <p class="how">
        {episode.beginning && <span>{episode.beginning}</span>}
        {episode.until && <span>{fill(w.until, episode.until)}</span>}
        <span>{episode.last_confirmed ? fill(w.confirmed, episode.last_confirmed) : w.unconfirmed}</span>
        {episode.standing && <span>{supportText(episode, lang)}</span>}
        <FactMarks fact={episode} />
        {otherMarks(episode).map((mark) => (
          <span class="qualifier" key={mark}>
            {mark}
          </span>
        ))}
      </p>
    </section>
  );
}

interface ListProps {
  readonly title: string;
  readonly statements: readonly Statement[];
  readonly sources: Sources;
  readonly class?: string;
}

function StatementList({ title, statements, sources, class: name }: ListProps) {
  if (!statements.length) return null;
  return (
    <section class={name}>
      <h3>
        {title} <span class="count">{statements.length}</span>
      </h3>
      {statements.map((statement) => (
        <StatementCard key={statement.iri} statement={statement} source={sources.get(statement.source)} />
      ))}
    </section>
  );
}

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

function isSupporting({ role }: Statement): boolean {
  return role === "behind";
}

function isExact({ exact }: Statement): boolean {
  return exact;
}
