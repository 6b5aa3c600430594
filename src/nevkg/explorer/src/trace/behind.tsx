import type { Episode, Evidence, Statement, Thing } from "../api/types";
import { fill, useLanguage, useWords } from "../state/language";
import { Empty } from "../ui/loaded";
import { timeText } from "../ui/value";
import { tracing } from "./address";
import { beside, subjectOf } from "./order";
import { Rest, type Sources, sourcesOf } from "./sources";
import { StatementCard } from "./statement";
import { words } from "./words";

// Marks of episodes, which the server gives by their names in the ontology whatever the language.
const DISPUTED = "disputed";
const INFERRED = "inferred";

/** For a cell, an edge or a bar: what follows, what it rests on, and what else is said of the same. */
export function Behind({ evidence }: { evidence: Evidence }) {
  const w = useWords(words);
  const sources = sourcesOf(evidence);
  const behind = evidence.statements.filter((one) => one.role === "behind");
  const { agree, differ } = beside(evidence.statements);
  const isAsked = (one: { iri: string }) => evidence.asked.includes(one.iri);
  const follows = evidence.episodes.filter((one) => !isAsked(one));
  const subjects = new Map<string, Thing>();
  for (const thing of [...evidence.episodes.filter(isAsked).map((one) => one.subject), ...behind.map(subjectOf)])
    if (thing) subjects.set(thing.iri, thing);
  return (
    <>
      {evidence.episodes.filter(isAsked).map((episode) => (
        <Spell key={episode.iri} episode={episode} />
      ))}
      <Cards title={w.behind} statements={behind} sources={sources} />
      {behind.length === 0 && <Empty>{w.none}</Empty>}
      {(agree.length > 0 || differ.length > 0) && (
        <div class="beside">
          <Cards title={w.agree} statements={agree} sources={sources} />
          <Cards title={w.differ} statements={differ} sources={sources} />
        </div>
      )}
      {follows.length > 0 && (
        <details class="follows">
          <summary>
            {w.history} <span class="count">{follows.length}</span>
          </summary>
          {follows.map((episode) => (
            <Spell key={episode.iri} episode={episode} />
          ))}
        </details>
      )}
      <Rest evidence={evidence} />
      <nav class="onward">
        {[...subjects.values()].map((thing) => (
          <a key={thing.iri} href={tracing([thing.iri])}>
            {fill(w.everything, thing.label)}
          </a>
        ))}
      </nav>
    </>
  );
}

function Spell({ episode }: { episode: Episode }) {
  const w = useWords(words);
  const language = useLanguage();
  const marks = episode.marks.filter((one) => one !== INFERRED && one !== DISPUTED);
  const inferred = episode.marks.includes(INFERRED);
  return (
    <section class="spell">
      <p class="says">
        <bdi>{episode.subject.label}</bdi> <span class="property">{episode.property}</span> <b>{episode.value}</b>
      </p>
      <p class="how">
        {episode.since && <span>{fill(w.since, timeText(episode.since, language))}</span>}
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
        {inferred && (
          <span class="mark inferred" title={w.inferredWhy}>
            {w.inferred}
          </span>
        )}
        {marks.map((one) => (
          <span class="qualifier" key={one}>
            {one}
          </span>
        ))}
      </p>
    </section>
  );
}

function Cards({ title, statements, sources }: { title: string; statements: readonly Statement[]; sources: Sources }) {
  if (!statements.length) return null;
  return (
    <section>
      <h3>
        {title} <span class="count">{statements.length}</span>
      </h3>
      {statements.map((one) => (
        <StatementCard key={one.iri} statement={one} source={sources.get(one.source)} />
      ))}
    </section>
  );
}
