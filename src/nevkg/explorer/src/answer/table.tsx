import { useMemo } from "preact/hooks";
import { type Addend, type AnswerColumn, type Cell, isThing, type Language, type Row, type Scalar, type Source } from "../api/types";
import { cellTraceAddress, traceAddress } from "../state/address";
import { fill, number, useLanguage, useWords } from "../state/language";
import { set, useRoute } from "../state/route";
import { Chips, FilterField, Pager } from "../ui/controls";
import { Empty } from "../ui/loading";
import { asShortText, asText, each, publicationNote } from "../ui/values";
import { FacetMenu, facetLabels, facetsOf, IS, matchesFacets, readFacets, selectFacet } from "./facets";
import { type AnswerProps, columnLabel, daysOf, evidenceOf, yearsOf } from "./roles";
import { arrangeRows, countRows, type Order, parseOrder, totalsOf } from "./rows";
import { words } from "./words";

const PAGE = 100; // as on the page of the server
const SHORT = 7; // characters: a shorter text is not broken, such as a name of a country in Chinese
const NO_FACETS: ReadonlyMap<string, string> = new Map();

/** A short table: its first rows in some columns, with no state in the address. */
interface Brief {
  readonly columns: readonly string[];
  readonly maxRows: number;
  readonly order: Order | null;
}

/** An answer as a table; order, filter, columns and page are in the address. */
export function AnswerTable({ answer, brief }: AnswerProps & { readonly brief?: Brief }) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const order = brief ? brief.order : parseOrder(params.get("sort"));
  const filter = brief ? "" : (params.get("filter") ?? "");
  const hidden = params.getAll("hide");
  const columns = answer.columns.filter(({ name }) => (brief ? brief.columns.includes(name) : !hidden.includes(name)));
  const sources = useMemo(() => new Map(answer.sources?.map((source) => [source.iri, source])), [answer]);
  const days = useMemo(() => daysOf(answer.columns, answer.rows), [answer]);
  const years = useMemo(() => yearsOf(answer.columns, answer.rows), [answer]);
  const names = columns.map((column) => column.name);
  const tabStop = names.includes(order?.column ?? "") ? order?.column : names[0];
  const facets = useMemo(() => (brief ? [] : facetsOf(answer.columns, answer.rows, lang)), [answer, brief, lang]);
  const selected = brief ? NO_FACETS : readFacets(params);
  const matches = arrangeRows(answer.rows, order, filter, names, lang).filter((row) => matchesFacets(answer.rows[row] as Row, selected));
  const pages = brief ? 1 : Math.max(1, Math.ceil(matches.length / PAGE));
  const totals = totalsOf(
    matches.map((row) => answer.rows[row] ?? {}),
    params,
  );
  const page = Math.min(pages, Math.max(1, Number(params.get("page")) || 1));
  const pageRows = brief ? matches.slice(0, brief.maxRows) : matches.slice((page - 1) * PAGE, page * PAGE);

  return (
    <div class="table">
      {!brief && (
        <div class="tools">
          <FilterField label={w.filter} value={filter} change={(value) => set({ filter: value, page: null }, true)} />
          <p role="status">
            {matches.length === answer.rows.length
              ? countRows(matches.length, lang)
              : fill(w.found, number(matches.length, lang), number(answer.rows.length, lang))}
            {totals.map(({ kind, value, column }) => ` · ${fill(w[kind], number(value, lang), columnLabel(answer.columns, column))}`)}
          </p>
          <Chips values={facetLabels(facets, selected)} remove={(column) => set({ [IS]: selectFacet(selected, column, ""), page: null })} />
          {facets.length > 0 && <FacetMenu facets={facets} selected={selected} />}
          <details class="menu">
            <summary>{w.columns}</summary>
            <div>
              {answer.columns.map((column) => (
                <label key={column.name}>
                  <input
                    type="checkbox"
                    checked={!hidden.includes(column.name)}
                    onChange={() =>
                      set({ hide: hidden.includes(column.name) ? hidden.filter((name) => name !== column.name) : [...hidden, column.name] })
                    }
                  />
                  {column.label ?? column.name}
                </label>
              ))}
            </div>
          </details>
        </div>
      )}
      {matches.length === 0 && answer.rows.length > 0 ? (
        <Empty>{w.none}</Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolling by keyboard needs focus
        <section class="scroll" aria-label={answer.title} tabIndex={0}>
          <table>
            <thead>
              <tr onKeyDown={moveInRow}>
                {columns.map((column) => (
                  <Head key={column.name} column={column} order={order} fixed={Boolean(brief)} isTabStop={column.name === tabStop} />
                ))}
              </tr>
            </thead>
            <tbody>
              {pageRows.map((row) => (
                <tr key={row}>
                  {columns.map((column) => (
                    <td
                      key={column.name}
                      class={isNumber(column) ? "number" : days.has(column.name) ? "day" : ""}
                      data-of={column.label ?? column.name}
                      data-empty={each(answer.rows[row]?.[column.name]).length ? undefined : ""}
                    >
                      <CellValue
                        cell={answer.rows[row]?.[column.name]}
                        evidence={evidenceOf(answer, row, column.name)}
                        addends={answer.addends?.[row]?.[column.name]}
                        sources={sources}
                        lang={lang}
                        isYear={years.has(column.name)}
                        explanation={answer.isExplainable ? cellTraceAddress(row + 1, column.name) : null}
                        column={column.label ?? column.name}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Pager page={page} pages={pages} />
    </div>
  );
}

function isNumber(column: AnswerColumn): boolean {
  return !column.list && (column.type === "integer" || column.type === "number");
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

/** Moves the focus among the buttons of a row, of which Tab reaches only one. */
function moveInRow(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const step = STEPS[event.key];
  if (!step) return;
  const next = buttons.indexOf(event.target as HTMLButtonElement) + step;
  buttons[Math.max(0, Math.min(buttons.length - 1, next))]?.focus();
  event.preventDefault();
}

interface HeadProps {
  readonly column: AnswerColumn;
  readonly order: Order | null;
  readonly fixed: boolean;
  readonly isTabStop: boolean;
}

function Head({ column, order, fixed, isTabStop }: HeadProps) {
  const w = useWords(words);
  const ownOrder = order?.column === column.name ? order : null;
  const next = ownOrder ? (ownOrder.isDescending ? null : `-${column.name}`) : column.name;
  const label = column.label ?? column.name;
  if (fixed)
    return (
      <th scope="col" class={isNumber(column) ? "number" : ""}>
        {label}
      </th>
    );
  return (
    <th
      scope="col"
      aria-sort={ownOrder ? (ownOrder.isDescending ? "descending" : "ascending") : "none"}
      class={isNumber(column) ? "number" : ""}
    >
      <button type="button" tabIndex={isTabStop ? 0 : -1} title={fill(w.sort, label)} onClick={() => set({ sort: next, page: null })}>
        {label}
        <span aria-hidden="true">{ownOrder ? (ownOrder.isDescending ? " ↓" : " ↑") : ""}</span>
      </button>
    </th>
  );
}

interface ValueProps {
  readonly cell: Cell | undefined;
  readonly evidence: readonly string[];
  readonly addends?: readonly Addend[] | undefined;
  readonly sources: ReadonlyMap<string, Source>;
  readonly lang: Language;
  readonly isYear: boolean;
  readonly column: string;
  /** The address of the explanation of the cell. */
  readonly explanation: string | null;
}

/** The values of a cell, with a link to their evidence; without evidence each entity has a link to its statements. */
function CellValue({ cell, evidence, addends, sources, lang, isYear, column, explanation }: ValueProps) {
  const w = useWords(words);
  const values = each(cell);
  const format = (value: Scalar) => (isYear ? String(value) : textOf(value, sources, lang));
  const text = values.map(format).join("; ");
  const entities = values.filter(isThing).map(({ iri }) => iri);
  if (evidence.length || explanation)
    return (
      <a
        class={text.length < SHORT ? "traced short" : "traced"}
        href={evidence.length ? traceAddress(evidence, entities, addends) : (explanation ?? "")}
        title={asText(cell, lang)}
        aria-label={`${text || "–"} (${column}): ${w.evidence}`}
      >
        {text ? <bdi>{text}</bdi> : <span aria-hidden="true">–</span>}
      </a>
    );
  const parts = values.map((value) => {
    const content = <bdi key={asText(value, lang)}>{format(value)}</bdi>;
    if (!isThing(value)) return content;
    return (
      <a class="thing" key={value.iri} href={traceAddress([value.iri])} title={sources.get(value.iri)?.title}>
        {content}
      </a>
    );
  });
  return parts.length > 1 ? <span class="values">{parts}</span> : (parts[0] ?? null);
}

/** Returns the text of a value; for a source, its publisher and date. */
function textOf(value: Scalar, sources: ValueProps["sources"], lang: Language): string {
  const source = isThing(value) ? sources.get(value.iri) : undefined;
  return source ? publicationNote(source, lang) : asShortText(value, lang);
}
