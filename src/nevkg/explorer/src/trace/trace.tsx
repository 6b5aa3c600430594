import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useGet, useLoading } from "../api/requests";
import { postQuery } from "../api/sparql";
import { type Addend, type Evidence, type ExplainedFact, type Explanation, isThing } from "../api/types";
import { CELL, closedTraceAddress, readTrace } from "../state/address";
import { fill, number, useLanguage, useWords } from "../state/language";
import { go, useRoute } from "../state/route";
import { Loaded } from "../ui/loading";
import { asText, each } from "../ui/values";
import { EntityEvidence, FactEvidence, PageLinks } from "./evidence";
import { words } from "./words";

/** The panel with the evidence of the entities, facts or cell in the address. */
export function Trace() {
  const { params } = useRoute();
  const { addends, others } = readTrace(params);
  const [row, column] = params.getAll(CELL);
  const query = params.get("query");
  const day = params.get("as_of") ?? undefined;
  const cell = row && column && query ? { row, column, query, day } : null;
  const w = useWords(words);
  const key = [...addends.flatMap(({ facts }) => facts), ...others, row, column].filter(Boolean).join(" ");
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    if (!key) return;
    opener.current ??= document.activeElement;
    heading.current?.focus();
  }, [key]);
  const close = () => {
    go(closedTraceAddress());
    if (opener.current instanceof HTMLElement) opener.current.focus();
    opener.current = null;
  };
  if (!key) return null;
  return (
    <aside class="trace" aria-labelledby="trace-title" onKeyDown={(event) => event.key === "Escape" && close()}>
      <header>
        <h2 id="trace-title" tabIndex={-1} ref={heading}>
          {w.evidence}
        </h2>
        <button type="button" class="close" aria-label={w.close} onClick={close}>
          <span aria-hidden="true">×</span>
        </button>
      </header>
      {cell ? (
        <CellEvidence {...cell} key={key} />
      ) : (
        <div key={key}>
          <Addends addends={addends} />
          {others.length > 0 && <EvidenceOf iris={others} />}
        </div>
      )}
    </aside>
  );
}

/** The evidence of a cell of the reader's own query, which the server computes on request. */
function CellEvidence({ row, column, query, day }: { row: string; column: string; query: string; day?: string | undefined }) {
  const w = useWords(words);
  const lang = useLanguage();
  const load = useCallback(
    () => postQuery<Explanation>("api/explain", query, { row, column, as_of: day, lang }),
    [query, row, column, day, lang],
  );
  return (
    <Loaded of={useLoading(load)}>
      {({ cells: [cell], facts, gaps }) => (
        <>
          <p class="lead">
            {cell?.label}{" "}
            <b>
              {each(cell?.value)
                .map((value) => asText(value, lang))
                .join("; ")}
            </b>
          </p>
          {cell?.note && <p class="quiet">{cell.note}</p>}
          {cell && <Addends addends={cell.addends} />}
          {cell && cell.more > 0 && <p class="quiet">{fill(w.more, cell.more)}</p>}
          {gaps.length > 0 && <p class="quiet">{fill(w.gaps, gaps.join(lang === "zh" ? "；" : "; "))}</p>}
          {cell?.facts.some((iri) => facts[iri]?.rule) && (
            <details class="follows">
              <summary>{w.follows}</summary>
              <Derivation iris={cell.facts} facts={facts} />
            </details>
          )}
          {cell?.evidence.length ? (
            <EvidenceOf iris={cell.evidence} />
          ) : isThing(cell?.value) ? (
            <EvidenceOf iris={[cell.value.iri]} />
          ) : null}
        </>
      )}
    </Loaded>
  );
}

/** ExplainedFact facts with their rules and, recursively, the derived facts they follow from. */
function Derivation({ iris, facts }: { iris: readonly string[]; facts: Explanation["facts"] }) {
  const derived = iris.map((iri) => facts[iri]).filter((fact): fact is ExplainedFact => Boolean(fact?.rule));
  if (!derived.length) return null;
  return (
    <ul>
      {derived.map((fact) => (
        <li key={`${fact.about} ${fact.property} ${fact.value}`}>
          <bdi>{fact.about}</bdi> <span class="property">{fact.property}</span> <b>{fact.value}</b>
          <p class="quiet" lang="en">
            {fact.rule}
          </p>
          <Derivation iris={fact.because} facts={facts} />
        </li>
      ))}
    </ul>
  );
}

/** The numbers that a sum adds; each opens its evidence. */
function Addends({ addends }: { addends: readonly Addend[] }) {
  const w = useWords(words);
  if (!addends.length) return null;
  return (
    <section class="addends">
      <h3>{w.adds}</h3>
      {addends.map((addend, place) => (
        <AddendEvidence key={`${place} ${addend.value}`} {...addend} />
      ))}
    </section>
  );
}

function AddendEvidence({ value, facts }: Addend) {
  const lang = useLanguage();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{number(Number(value), lang)}</summary>
      {isOpen && <EvidenceOf iris={facts} />}
    </details>
  );
}

function EvidenceOf({ iris }: { iris: readonly string[] }) {
  const loading = useGet<Evidence>("api/evidence", { iri: iris, lang: useLanguage() });
  return (
    <Loaded of={loading}>
      {(evidence) => (
        <>
          <PageLinks evidence={evidence} />
          {evidence.episodes.length || iris.some((iri) => evidence.statements.some((statement) => statement.iri === iri)) ? (
            <FactEvidence evidence={evidence} />
          ) : (
            <EntityEvidence evidence={evidence} />
          )}
        </>
      )}
    </Loaded>
  );
}
