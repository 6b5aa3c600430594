import { useEffect, useRef, useState } from "preact/hooks";
import type { Episode, Evidence, Source, Statement, Thing } from "../api/types";
import { useGet } from "../api/use";
import { fill, useLanguage, useWords } from "../state/language";
import { go, href, useRoute } from "../state/route";
import { Empty, Loaded } from "../ui/loaded";
import { words as shared } from "../ui/words";
import { TRACE, tracing, untraced } from "./address";
import { beside, byProperty, matches, subjectOf } from "./order";
import { plain } from "./plain";
import { StatementCard } from "./statement";
import { words } from "./words";

/** The panel that tells who says so. It is open while the address says what for. */
export function Trace() {
  const asked = useRoute().asked.getAll(TRACE);
  const w = useWords(words);
  const s = useWords(shared);
  const key = asked.join(" ");
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    if (!key) return;
    opener.current ??= document.activeElement;
    heading.current?.focus();
  }, [key]);
  const close = () => {
    go(untraced());
    if (opener.current instanceof HTMLElement) opener.current.focus();
    opener.current = null;
  };
  if (!asked.length) return null;
  return (
    <aside class="trace" aria-labelledby="trace-title" onKeyDown={(event) => event.key === "Escape" && close()}>
      <header>
        <h2 id="trace-title" tabIndex={-1} ref={heading}>
          {w.title}
        </h2>
        <button type="button" class="close" aria-label={s.close} onClick={close}>
          <span aria-hidden="true">×</span>
        </button>
      </header>
      <Body iris={asked} key={key} />
    </aside>
  );
}

function Body({ iris }: { iris: readonly string[] }) {
  const loading = useGet<Evidence>("api/evidence", { iri: iris, lang: useLanguage() });
  return (
    <Loaded of={loading}>
      {(evidence) =>
        evidence.episodes.length || iris.some((iri) => evidence.statements.some((one) => one.iri === iri)) ? (
          <Behind evidence={evidence} />
        ) : (
          <Everything evidence={evidence} />
        )
      }
    </Loaded>
  );
}

type Sources = ReadonlyMap<string, Source>;

function sourcesOf(evidence: Evidence): Sources {
  return new Map(evidence.sources.map((source) => [source.iri, source]));
}

/** For a cell, an edge or a bar: what follows, what it rests on, and what else is said of the same. */
function Behind({ evidence }: { evidence: Evidence }) {
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
  const marks = episode.marks.filter((one) => one !== w.inferred && one !== w.disputed);
  const inferred = episode.marks.includes(w.inferred);
  return (
    <section class="spell">
      <p class="says">
        <bdi>{episode.subject.label}</bdi> <span class="property">{episode.property}</span> <b>{episode.value}</b>
      </p>
      <p class="how">
        {episode.since && <span>{fill(w.since, episode.since)}</span>}
        {episode.until && <span>{fill(w.until, episode.until)}</span>}
        <span>{episode.last_confirmed ? fill(w.confirmed, episode.last_confirmed) : w.unconfirmed}</span>
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

/** For a thing: all that sources say of it, property by property. */
function Everything({ evidence }: { evidence: Evidence }) {
  const w = useWords(words);
  const tongue = useLanguage();
  const [filter, set] = useState("");
  const sources = sourcesOf(evidence);
  const wanted = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = evidence.statements.filter((one) => matches(one, wanted, sources.get(one.source)?.title ?? ""));
  const [iri = ""] = evidence.asked;
  const label = evidence.statements.map(subjectOf).find((thing) => thing?.iri === iri)?.label ?? iri;
  return (
    <>
      <p class="lead">{fill(w.of, label)}</p>
      <nav class="onward">
        <a href={href("explore", "", { thing: iri })}>{w.graph}</a>
        <a href={plain(iri, tongue)}>{w.page}</a>
      </nav>
      {evidence.statements.length === 0 ? (
        <Empty>{w.none}</Empty>
      ) : (
        <>
          <label class="filter">
            <span>{w.filter}</span>
            <input type="search" value={filter} onInput={(event) => set(event.currentTarget.value)} />
          </label>
          <p class="quiet" role="status">
            {fill(w.found, kept.length, evidence.total)}
          </p>
          {[...byProperty(kept)].map(([property, values]) => (
            <section key={property} class="property-group">
              <h3>{property}</h3>
              {[...values].map(([value, statements]) => (
                <details key={value} class="value" open={wanted.length > 0 || statements.some((one) => one.passages.length > 0)}>
                  <summary>
                    <b>{value}</b> <span class="quiet">{fill(w.same, new Set(statements.map((one) => one.source)).size)}</span>
                  </summary>
                  {statements.map((one) => (
                    <StatementCard key={one.iri} statement={one} source={sources.get(one.source)} showing={false} />
                  ))}
                </details>
              ))}
            </section>
          ))}
        </>
      )}
      <Rest evidence={evidence} />
    </>
  );
}

function Rest({ evidence }: { evidence: Evidence }) {
  const w = useWords(words);
  const left = evidence.total - evidence.statements.length;
  return left > 0 ? <p class="quiet">{fill(w.rest, left)}</p> : null;
}
