// Converts the results of a query to answers.
import type { Binding, Results, Term } from "../api/sparql";
import { type Answer, type AnswerColumn, type Cell, type ColumnType, isThing, type Scalar } from "../api/types";

// Prefixed names of IRIs.
export type Prefixes = Readonly<Record<string, string>>;

const LOCAL = /^[\p{L}\p{N}_]([\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u;

/** Returns the prefixed name of an IRI by the longest matching namespace; undefined if none matches. */
function prefixedName(iri: string, prefixes: Prefixes): string | undefined {
  let best: readonly [string, string] | undefined;
  for (const entry of Object.entries(prefixes)) {
    const matches = iri.startsWith(entry[1]) && LOCAL.test(iri.slice(entry[1].length));
    if (matches && entry[1].length > (best?.[1].length ?? 0)) best = entry;
  }
  return best && `${best[0]}:${iri.slice(best[1].length)}`;
}

type Triple = readonly [Term, Term, Term];

const IRI = "<([^>]*)>";
const BLANK = String.raw`_:(\S+)`;
const LITERAL = String.raw`"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?`;
const LINE = new RegExp(`^\\s*(?:${IRI}|${BLANK})\\s+${IRI}\\s+(?:${IRI}|${BLANK}|${LITERAL})\\s*\\.`);
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs;
const ESCAPED: Readonly<Record<string, string>> = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

/** Parses N-Triples; lines that are no triples are ignored. */
export function parseTriples(text: string): Triple[] {
  return text.split("\n").flatMap((line) => {
    const match = LINE.exec(line);
    if (!match) return [];
    const [, iri, blank, property = "", objectIri, objectBlank, value, tag, datatype] = match;
    return [[node(iri, blank), node(property), value === undefined ? node(objectIri, objectBlank) : literal(value, tag, datatype)]];
  });
}

function node(iri: string | undefined, blank?: string): Term {
  return iri === undefined ? { type: "bnode", value: blank ?? "" } : { type: "uri", value: decodeEscapes(iri) };
}

function literal(value: string, tag: string | undefined, datatype: string | undefined): Term {
  return {
    type: "literal",
    value: decodeEscapes(value),
    ...(tag ? { "xml:lang": tag } : {}),
    ...(datatype ? { datatype: decodeEscapes(datatype) } : {}),
  };
}

function decodeEscapes(text: string): string {
  return text.replace(ESCAPE, (_, four?: string, eight?: string, letter = "") =>
    four || eight ? String.fromCodePoint(Number.parseInt(four ?? eight ?? "", 16)) : (ESCAPED[letter] ?? letter),
  );
}

const XSD = "http://www.w3.org/2001/XMLSchema#";
const INTEGERS = [
  "integer",
  "int",
  "long",
  "short",
  "byte",
  "nonNegativeInteger",
  "positiveInteger",
  "negativeInteger",
  "nonPositiveInteger",
];
const NUMBERS = ["decimal", "double", "float"];
const DATES = ["date", "dateTime", "gYear", "gYearMonth"];
const EVIDENCE = /^https:\/\/w3id\.org\/nevkg\/(statement|episode)\//;

/** An answer to a query. `isExplainable`: whether the server can explain its cells. */
export type Rows = Pick<Answer, "columns" | "rows" | "evidence" | "asOf" | "title"> & { readonly isExplainable: boolean };

/** Converts the result of a SELECT query. Entities have prefixed names until their labels are loaded. */
export function answerOf(results: Results, title: string, prefixes: Prefixes): Rows {
  const names = results.head.vars ?? [];
  const bindings = results.results?.bindings ?? [];
  const rows = bindings.map((binding) => Object.fromEntries(names.map((name) => [name, cellOf(binding[name], prefixes)])));
  return {
    columns: names.map((name) => columnOf(name, bindings)),
    rows,
    evidence: bindings.map((binding) => evidenceOf(names, binding)),
    asOf: "",
    title,
    isExplainable: true,
  };
}

/** Converts triples to rows with the columns of a graph. */
export function answerOfTriples(
  triples: readonly (readonly [Term, Term, Term])[],
  names: readonly [string, string, string],
  title: string,
  prefixes: Prefixes,
): Rows {
  const [subject, relation, object] = names;
  const bindings = triples.map(([s, p, o]) => ({ [subject]: s, [relation]: p, [object]: o }));
  return { ...answerOf({ head: { vars: names }, results: { bindings } }, title, prefixes), isExplainable: false };
}

/** Returns the statements and episodes in a row, which are its evidence. */
function evidenceOf(names: readonly string[], binding: Binding): Record<string, readonly string[]> {
  const columns = names.filter((name) => binding[name]?.type === "uri" && EVIDENCE.test(binding[name]?.value ?? ""));
  return Object.fromEntries(columns.map((name) => [name, [binding[name]?.value ?? ""]]));
}

function columnOf(name: string, bindings: readonly Binding[]): AnswerColumn {
  const types = new Set<ColumnType>();
  for (const binding of bindings) {
    const term = binding[name];
    if (term) types.add(typeOf(term));
  }
  return { name, label: null, type: commonType(types), list: false, evidence: false };
}

function commonType(types: ReadonlySet<ColumnType>): ColumnType | null {
  if (types.size < 2) return [...types][0] ?? null;
  return [...types].every((type) => type === "integer" || type === "number") ? "number" : "text";
}

/** Returns the column type of a term. A value that does not fit its datatype is a text. */
export function typeOf(term: Term): ColumnType {
  if (term.type === "uri") return "thing";
  if (term.type !== "literal" || !term.datatype?.startsWith(XSD)) return "text";
  const name = term.datatype.slice(XSD.length);
  if (INTEGERS.includes(name)) return Number.isSafeInteger(Number(term.value)) ? "integer" : "text";
  if (NUMBERS.includes(name)) return Number.isFinite(Number(term.value)) ? "number" : "text";
  if (DATES.includes(name)) return "date";
  return name === "boolean" ? "boolean" : "text";
}

function cellOf(term: Term | undefined, prefixes: Prefixes): Cell {
  return term ? scalar(term, prefixes) : null;
}

function scalar(term: Term, prefixes: Prefixes): Scalar {
  switch (typeOf(term)) {
    case "thing":
      return { iri: term.value, label: prefixedName(term.value, prefixes) ?? term.value };
    case "integer":
    case "number":
      return Number(term.value);
    case "boolean":
      return term.value === "true" || term.value === "1";
    default:
      return term.type === "bnode" ? `_:${term.value}` : term.value;
  }
}

/** Returns the IRIs of the first entities in the rows. */
export function entitiesIn(rows: Rows["rows"], limit: number): string[] {
  const iris = new Set<string>();
  for (const row of rows) {
    for (const cell of Object.values(row)) {
      if (isThing(cell)) iris.add(cell.iri);
      if (iris.size >= limit) return [...iris];
    }
  }
  return [...iris];
}

/** Replaces the names of entities by labels, if there are any. */
export function withLabels(answer: Rows, labels: ReadonlyMap<string, string>): Rows {
  const name = (cell: Cell): Cell => (isThing(cell) ? { iri: cell.iri, label: labels.get(cell.iri) ?? cell.label } : cell);
  const rows = answer.rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, name(cell)])));
  return { ...answer, rows };
}
