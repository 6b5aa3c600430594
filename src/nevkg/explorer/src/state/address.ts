// Addresses of entities, of their evidence and statements, and of answers.

import type { Addend, Language, Target } from "../api/types";
import { BASE, type Changes, href, hrefWith, nameOf, pageAddress } from "./route";

const TRACE = "trace";
export const CELL = "cell"; // row and column in the result of the query of the address

/** The parameter with the entities in the clicked cell. */
export const CLICKED = "of";

/** The parameter with the numbers that the clicked cell adds, each with the number of its facts, which come first, in this order. */
const ADDENDS = "adds";

/** Returns the address of this view with the evidence panel open for some entities or facts, and for the numbers that a sum adds. */
export function traceAddress(iris: readonly string[], clicked: readonly string[] = [], addends: readonly Addend[] = []): string {
  const added = addends.flatMap(({ facts }) => facts);
  return hrefWith({
    [TRACE]: [...added, ...iris.filter((iri) => !added.includes(iri))],
    [CELL]: null,
    [CLICKED]: clicked,
    [ADDENDS]: addends.map(({ value, facts }) => `${value}*${facts.length}`),
  });
}

/** Returns the numbers that the clicked cell adds, and the other entities and facts of the panel. */
export function readTrace(params: URLSearchParams): { addends: Addend[]; others: string[] } {
  const others = params.getAll(TRACE);
  const addends = params.getAll(ADDENDS).map((text) => {
    const [value = "", count = "0"] = text.split("*");
    return { value, facts: others.splice(0, Number(count) || 0) };
  });
  return { addends, others };
}

/** Returns the address of this view with the evidence panel open for a cell of the query in the address. Rows count from 1. */
export function cellTraceAddress(row: number, column: string): string {
  return hrefWith({ [TRACE]: null, [CELL]: [String(row), column], [CLICKED]: null, [ADDENDS]: null });
}

/** Returns the address of this view without the evidence panel, with changed parameters. */
export function closedTraceAddress(changes: Changes = {}): string {
  return hrefWith({ [TRACE]: null, [CELL]: null, [CLICKED]: null, [ADDENDS]: null, ...changes });
}

/** Returns the address of the page for an IRI of the project; other IRIs are returned as they are. */
export function pageOf(iri: string, lang: Language): string {
  return hasPage(iri) ? pageAddress(iri.slice(BASE.length), new URLSearchParams({ lang })) : iri;
}

/** The name of the view of entities in the address. */
const ENTITY_VIEW = "thing";

/** Returns the address of the page of an entity, for the day of the present view. */
export function entityAddress(iri: string): string {
  return href(ENTITY_VIEW, nameOf(iri));
}

/** Returns whether the explorer has a page for an IRI; other IRIs are links themselves. */
export function hasPage(iri: string): boolean {
  return iri.startsWith(BASE);
}

/** Returns the address of an answer. */
export function targetAddress({ question, parameters }: Target, changes: Changes = {}): string {
  return href("ask", question, { ...parameters, ...changes });
}
