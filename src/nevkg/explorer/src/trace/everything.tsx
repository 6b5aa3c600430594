import { useState } from "preact/hooks";
import type { Evidence } from "../api/types";
import { fill, useLanguage, useWords } from "../state/language";
import { href } from "../state/route";
import { Empty } from "../ui/loaded";
import { byProperty, matches, subjectOf } from "./order";
import { plain } from "./plain";
import { Rest, sourcesOf } from "./sources";
import { StatementCard } from "./statement";
import { words } from "./words";

/** For a thing: all that sources say of it, property by property. */
export function Everything({ evidence }: { evidence: Evidence }) {
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
