import type { Episode, Evidence, Statement, Thing } from "../api/types";
import { fill, useLanguage, useWords } from "../state/language";
import { Empty } from "../ui/loaded";
import { timeText } from "../ui/value";
import { traceAddress } from "./address";
import { RemainingCount, type Sources, sourcesOf } from "./sources";
import { StatementCard } from "./statement";
import { splitByAgreement, subjectOf } from "./statements";
import { words } from "./words";

// Marks of episodes. The server returns their names in the ontology, which do not depend on the language.
const DISPUTED = "disputed";
const INFERRED = "inferred";

/** The evidence of the facts of a cell, an edge or a bar: their episodes, supporting statements, and other statements about the same. */
export function FactEvidence({ evidence }: { evidence: Evidence }) {
  const w = useWords(words);
  const sources = sourcesOf(evidence);
  const supporting = evidence.statements.filter(({ role }) => role === "behind");
  const { agree, differ } = splitByAgreement(evidence.statements);
  const isRequested = ({ iri }: { iri: string }) => evidence.asked.includes(iri);
  const otherEpisodes = evidence.episodes.filter((episode) => !isRequested(episode));
  const subjects = new Map<string, Thing>();
  for (const subject of [...evidence.episodes.filter(isRequested).map(({ subject }) => subject), ...supporting.map(subjectOf)])
    if (subject) subjects.set(subject.iri, subject);
  return (
    <>
      {evidence.episodes.filter(isRequested).map((episode) => (
        <EpisodeSummary key={episode.iri} episode={episode} />
      ))}
      <StatementList title={w.behind} statements={supporting} sources={sources} />
      {supporting.length === 0 && <Empty>{w.none}</Empty>}
      {(agree.length > 0 || differ.length > 0) && (
        <div class="beside">
          <StatementList title={w.agree} statements={agree} sources={sources} />
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
  const marks = episode.marks.filter((mark) => mark !== INFERRED && mark !== DISPUTED);
  const isInferred = episode.marks.includes(INFERRED);
  return (
    <section class="spell">
      <p class="says">
        <bdi>{episode.subject.label}</bdi> <span class="property">{episode.property}</span> <b>{episode.value}</b>
      </p>
      <p class="how">
        {episode.since && <span>{fill(w.since, timeText(episode.since, lang))}</span>}
        {episode.until && <span>{fill(w.until, episode.until)}</span>}
        <span>{episode.last_confirmed ? fill(w.confirmed, episode.last_confirmed) : w.unconfirmed}</span>
        {episode.standing && (
          <span>
            {[
              episode.is_disputed ? "" : episode.standing,
              episode.witnesses === 1 ? w.witness : episode.witnesses > 1 && fill(w.witnesses, episode.witnesses),
            ]
              .filter(Boolean)
              .join(", ")}
          </span>
        )}
        {episode.is_disputed && (
          <span class="mark disputed" title={w.disputedWhy}>
            {w.disputed}
          </span>
        )}
        {isInferred && (
          <span class="mark inferred" title={w.inferredWhy}>
            {w.inferred}
          </span>
        )}
        {marks.map((mark) => (
          <span class="qualifier" key={mark}>
            {mark}
          </span>
        ))}
      </p>
    </section>
  );
}

function StatementList({ title, statements, sources }: { title: string; statements: readonly Statement[]; sources: Sources }) {
  if (!statements.length) return null;
  return (
    <section>
      <h3>
        {title} <span class="count">{statements.length}</span>
      </h3>
      {statements.map((statement) => (
        <StatementCard key={statement.iri} statement={statement} source={sources.get(statement.source)} />
      ))}
    </section>
  );
}
