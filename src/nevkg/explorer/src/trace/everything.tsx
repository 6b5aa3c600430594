import { useState } from "preact/hooks";
import type { Evidence, Statement } from "../api/types";
import { fill, useLanguage, useWords } from "../state/language";
import { href } from "../state/route";
import { useStandings } from "../state/standings";
import { Empty } from "../ui/loaded";
import { timeText } from "../ui/value";
import { bestOf, byProperty, matches, periodOf, subjectOf } from "./order";
import { plain } from "./plain";
import { Rest, sourcesOf } from "./sources";
import { StatementCard } from "./statement";
import { words } from "./words";

/** For a thing: all that sources say of it, property by property. */
export function Everything({ evidence }: { evidence: Evidence }) {
  const w = useWords(words);
  const language = useLanguage();
  const [iri = ""] = evidence.asked;
  const label = evidence.statements.map(subjectOf).find((thing) => thing?.iri === iri)?.label ?? iri;
  return (
    <>
      <p class="lead">{fill(w.of, label)}</p>
      <nav class="onward">
        <a href={href("explore", "", { thing: iri })}>{w.graph}</a>
        <a href={plain(iri, language)}>{w.page}</a>
      </nav>
      <Statements evidence={evidence} />
    </>
  );
}

/** Statements by property, the best supported values first, with a filter. */
export function Statements({ evidence }: { evidence: Evidence }) {
  const w = useWords(words);
  const standings = useStandings();
  const [filter, set] = useState("");
  const sources = sourcesOf(evidence);
  const wanted = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = evidence.statements.filter((one) => matches(one, wanted, sources.get(one.source)?.title ?? ""));
  if (!evidence.statements.length) return <Empty>{w.none}</Empty>;
  return (
    <>
      <label class="filter">
        <span>{w.filter}</span>
        <input type="search" value={filter} onInput={(event) => set(event.currentTarget.value)} />
      </label>
      <p class="quiet" role="status">
        {fill(w.found, kept.length, evidence.total)}
      </p>
      {[...byProperty(kept, standings)].map(([property, values]) => (
        <section key={property} class="property-group">
          <h3>{property}</h3>
          {[...values].map(([value, statements]) => (
            <details key={value} class="value" open={wanted.length > 0 || statements.some((one) => one.passages.length > 0)}>
              <summary>
                <b>{value}</b> <Support statements={statements} />
              </summary>
              {statements.map((one) => (
                <StatementCard key={one.iri} statement={one} source={sources.get(one.source)} showing={false} />
              ))}
            </details>
          ))}
        </section>
      ))}
      <Rest evidence={evidence} />
    </>
  );
}

/** When a value is reported, and how well it is supported. */
function Support({ statements }: { statements: readonly Statement[] }) {
  const w = useWords(words);
  const language = useLanguage();
  const best = bestOf(statements);
  const witnesses = best?.witnesses ?? 0;
  const parts = [
    timeText(periodOf(statements), language),
    best?.standing?.label,
    witnesses > 0 && (witnesses === 1 ? w.witness : fill(w.witnesses, witnesses)),
    fill(w.same, new Set(statements.map((one) => one.source)).size),
  ];
  return <span class="quiet">{parts.filter(Boolean).join(" · ")}</span>;
}
