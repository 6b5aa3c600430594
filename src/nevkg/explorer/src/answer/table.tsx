import { useMemo } from "preact/hooks";
import { type Cell, type Column, isThing, type Language, type Row, type Scalar, type Source } from "../api/types";
import { fill, number, useLanguage, useWords } from "../state/language";
import { here, set, useRoute } from "../state/route";
import { cellTraceAddress, traceAddress } from "../trace/address";
import { Empty } from "../ui/loaded";
import { asText, each, publicationNote } from "../ui/value";
import { chosenOf, facetsOf, fits } from "./facets";
import { Chosen, Narrow } from "./narrow";
import { daysOf, evidenceOf, type Shown, yearsOf } from "./roles";
import { arranged, type Order, parseOrder } from "./rows";
import { totalsOf } from "./totals";
import { words } from "./words";

const PAGE = 50;
const NO_FACETS: ReadonlyMap<string, string> = new Map();

/** The first rows only, in some columns, of a table whose state is not in the address. */
export interface Brief {
  readonly columns: readonly string[];
  readonly most: number;
  readonly order: Order | null;
}

/** Rows to read and compare; order, filter, columns and page stand in the address. */
export function AnswerTable({ answer, brief }: Shown & { readonly brief?: Brief }) {
  const w = useWords(words);
  const tongue = useLanguage();
  const { params } = useRoute();
  const order = brief ? brief.order : parseOrder(params.get("sort"));
  const filter = brief ? "" : (params.get("filter") ?? "");
  const hidden = params.getAll("hide");
  const columns = answer.columns.filter(({ name }) => (brief ? brief.columns.includes(name) : !hidden.includes(name)));
  const sources = useMemo(() => new Map(answer.sources?.map((source) => [source.iri, source])), [answer]);
  const days = useMemo(() => daysOf(answer.columns, answer.rows), [answer]);
  const years = useMemo(() => yearsOf(answer.columns, answer.rows), [answer]);
  const names = columns.map((column) => column.name);
  const facets = useMemo(() => (brief ? [] : facetsOf(answer.columns, answer.rows, tongue)), [answer, brief, tongue]);
  const chosen = brief ? NO_FACETS : chosenOf(params);
  const places = arranged(answer.rows, order, filter, names, tongue).filter((place) => fits(answer.rows[place] as Row, chosen));
  const pages = brief ? 1 : Math.max(1, Math.ceil(places.length / PAGE));
  const totals = totalsOf(
    places.map((place) => answer.rows[place] ?? {}),
    params,
  );
  const labelOf = (name: string) => answer.columns.find((column) => column.name === name)?.label ?? name;
  const page = Math.min(pages, Math.max(1, Number(params.get("page")) || 1));
  const part = brief ? places.slice(0, brief.most) : places.slice((page - 1) * PAGE, page * PAGE);

  return (
    <div class="table">
      {!brief && (
        <div class="tools">
          <label class="filter">
            <span>{w.filter}</span>
            <input type="search" value={filter} onInput={(event) => set({ filter: event.currentTarget.value, page: null }, true)} />
          </label>
          <p role="status">
            {places.length === answer.rows.length
              ? fill(w.rows, number(answer.rows.length, tongue))
              : fill(w.found, number(places.length, tongue), number(answer.rows.length, tongue))}
            {totals.map(({ kind, value, column }) => ` · ${fill(w[kind], number(value, tongue), labelOf(column))}`)}
          </p>
          <Chosen facets={facets} chosen={chosen} />
          {facets.length > 0 && <Narrow facets={facets} chosen={chosen} />}
          <details class="menu">
            <summary>{w.columns}</summary>
            <div>
              {answer.columns.map((column) => (
                <label key={column.name}>
                  <input
                    type="checkbox"
                    checked={!hidden.includes(column.name)}
                    onChange={() =>
                      set({ hide: hidden.includes(column.name) ? hidden.filter((one) => one !== column.name) : [...hidden, column.name] })
                    }
                  />
                  {column.label ?? column.name}
                </label>
              ))}
            </div>
          </details>
        </div>
      )}
      {places.length === 0 && answer.rows.length > 0 ? (
        <Empty>{w.none}</Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section class="scroll" aria-label={answer.title} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {columns.map((column) => (
                  <Head key={column.name} column={column} order={order} fixed={Boolean(brief)} />
                ))}
              </tr>
            </thead>
            <tbody>
              {part.map((place) => (
                <tr key={place}>
                  {columns.map((column) => (
                    <td
                      key={column.name}
                      class={isNumber(column) ? "number" : days.has(column.name) ? "day" : ""}
                      data-of={column.label ?? column.name}
                      data-empty={each(answer.rows[place]?.[column.name]).length ? undefined : ""}
                    >
                      <Value
                        cell={answer.rows[place]?.[column.name]}
                        evidence={evidenceOf(answer, place, column.name)}
                        sources={sources}
                        tongue={tongue}
                        isYear={years.has(column.name)}
                        explained={answer.explained ? cellTraceAddress(place + 1, column.name) : null}
                        of={column.label ?? column.name}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {pages > 1 && (
        <nav class="pages" aria-label={w.pages}>
          {page > 1 && <a href={here({ page: String(page - 1) })}>{w.previous}</a>}
          <span>{fill(w.page, page, pages)}</span>
          {page < pages && <a href={here({ page: String(page + 1) })}>{w.next}</a>}
        </nav>
      )}
    </div>
  );
}

function isNumber(column: Column): boolean {
  return !column.list && (column.type === "integer" || column.type === "number");
}

function Head({ column, order, fixed }: { column: Column; order: Order | null; fixed: boolean }) {
  const w = useWords(words);
  const own = order?.column === column.name ? order : null;
  const next = own ? (own.down ? null : `-${column.name}`) : column.name;
  const label = column.label ?? column.name;
  if (fixed)
    return (
      <th scope="col" class={isNumber(column) ? "number" : ""}>
        {label}
      </th>
    );
  return (
    <th scope="col" aria-sort={own ? (own.down ? "descending" : "ascending") : "none"} class={isNumber(column) ? "number" : ""}>
      <button type="button" title={fill(w.sort, label)} onClick={() => set({ sort: next, page: null })}>
        {label}
        <span aria-hidden="true">{own ? (own.down ? " ↓" : " ↑") : ""}</span>
      </button>
    </th>
  );
}

interface ValueProps {
  readonly cell: Cell | undefined;
  readonly evidence: readonly string[];
  readonly sources: ReadonlyMap<string, Source>;
  readonly tongue: Language;
  readonly isYear: boolean;
  readonly of: string;
  readonly explained: string | null;
}

/** What a cell holds, leading to what it rests on; or each of its things to what is said of them. */
function Value({ cell, evidence, sources, tongue, isYear, of, explained }: ValueProps) {
  const w = useWords(words);
  const values = each(cell);
  const say = (value: Scalar) => (isYear ? String(value) : textOf(value, sources, tongue));
  const texts = values.map(say).join("; ");
  const things = values.filter(isThing).map((one) => one.iri);
  if (evidence.length || explained)
    return (
      <a
        class="traced"
        href={evidence.length ? traceAddress(evidence, things) : (explained ?? "")}
        title={w.who}
        aria-label={`${texts || "–"} (${of}): ${w.who}`}
      >
        {texts ? <bdi>{texts}</bdi> : <span aria-hidden="true">–</span>}
      </a>
    );
  const parts = values.map((value) => {
    const text = <bdi key={asText(value, tongue)}>{say(value)}</bdi>;
    if (!isThing(value)) return text;
    return (
      <a class="thing" key={value.iri} href={traceAddress([value.iri])} title={sources.get(value.iri)?.title}>
        {text}
      </a>
    );
  });
  return parts.length > 1 ? <span class="values">{parts}</span> : (parts[0] ?? null);
}

/** A value in words: a source by who published it and when. */
function textOf(value: Scalar, sources: ValueProps["sources"], tongue: Language): string {
  const source = isThing(value) ? sources.get(value.iri) : undefined;
  return source ? publicationNote(source, tongue) : asText(value, tongue);
}
