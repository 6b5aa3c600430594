import { useState } from "preact/hooks";
import type { Evidence, Statement } from "../api/types";
import { fill, useLanguage, useWords } from "../state/language";
import { href } from "../state/route";
import { useStandings } from "../state/standings";
import { Empty } from "../ui/loaded";
import { timeText } from "../ui/value";
import { plainPageAddress } from "./plain-page";
import { RemainingCount, sourcesOf } from "./sources";
import { StatementCard } from "./statement";
import { bestSupported, groupByProperty, matches, periodOf, subjectOf } from "./statements";
import { words } from "./words";

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
        <a href={href("explore", "", { thing: iri })}>{w.graph}</a>
        <a href={plainPageAddress(iri, lang)}>{w.page}</a>
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
  const searchWords = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = evidence.statements.filter((statement) => matches(statement, searchWords, sources.get(statement.source)?.title ?? ""));
  if (!evidence.statements.length) return <Empty>{w.none}</Empty>;
  return (
    <>
      <label class="filter">
        <span>{w.filter}</span>
        <input type="search" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
      </label>
      <p class="quiet" role="status">
        {fill(w.found, matching.length, evidence.total)}
      </p>
      {[...groupByProperty(matching, standings)].map(([property, values]) => (
        <section key={property} class="property-group">
          <h3>{property}</h3>
          {[...values].map(([value, statements]) => (
            <details key={value} class="value" open={searchWords.length > 0 || statements.some(({ passages }) => passages.length > 0)}>
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
  const witnesses = best?.witnesses ?? 0;
  const parts = [
    timeText(periodOf(statements), lang),
    best?.standing?.label,
    witnesses > 0 && (witnesses === 1 ? w.witness : fill(w.witnesses, witnesses)),
    fill(w.sourceCount, new Set(statements.map(({ source }) => source)).size),
  ];
  return <span class="quiet">{parts.filter(Boolean).join(" · ")}</span>;
}
