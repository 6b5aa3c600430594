// Statements in the order in which they are read.
import { isThing, type Scalar, type Statement, type Thing } from "../api/types";
import type { Standing } from "../state/standings";

// The kernel's own names, as in terms.py.
const SUBJECT = "https://w3id.org/nevkg/ontology#subject";

export interface Beside {
  readonly agree: readonly Statement[];
  readonly differ: readonly Statement[];
}

/** What a statement is about, of which it says something. */
export function subjectOf(statement: Statement): Thing | undefined {
  const values: readonly Scalar[] = statement.facts.find((fact) => fact.property.iri === SUBJECT)?.values ?? [];
  return values.find(isThing);
}

/** Those that stand beside, apart as they agree with one of those behind or not. */
export function beside(statements: readonly Statement[]): Beside {
  const said = new Set(statements.filter((one) => one.role === "behind").map(content));
  const others = statements.filter((one) => one.role === "beside");
  return { agree: others.filter((one) => said.has(content(one))), differ: others.filter((one) => !said.has(content(one))) };
}

function content(statement: Statement): string {
  return JSON.stringify([statement.subject, statement.property, statement.value]);
}

/** By property; within it by value, the best supported first: by standing, then by independent sources, then the latest. */
export function byProperty(statements: readonly Statement[], standings: readonly Standing[] = []): Map<string, Map<string, Statement[]>> {
  const found = new Map<string, Map<string, Statement[]>>();
  const ordered = [...statements].sort((a, b) => order(a.property, b.property) || order(b.when, a.when) || order(a.value, b.value));
  for (const one of ordered) {
    const values = found.get(one.property) ?? new Map<string, Statement[]>();
    found.set(one.property, values.set(one.value, [...(values.get(one.value) ?? []), one]));
  }
  const rankOf = (several: readonly Statement[]) => {
    const ranks = several.map((one) => standings.findIndex(({ iri }) => iri === one.standing?.iri)).filter((rank) => rank >= 0);
    return Math.min(standings.length, ...ranks);
  };
  for (const [property, values] of found) {
    const ranked = [...values].map((entry) => ({ entry, rank: rankOf(entry[1]), witnesses: bestOf(entry[1])?.witnesses ?? 0 }));
    ranked.sort((a, b) => a.rank - b.rank || b.witnesses - a.witnesses);
    found.set(property, new Map(ranked.map(({ entry }) => entry)));
  }
  return found;
}

/** Of the statements of one value, the one with most independent sources. */
export function bestOf(statements: readonly Statement[]): Statement | undefined {
  return [...statements].sort((a, b) => b.witnesses - a.witnesses)[0];
}

/** The times that some statements give, from the first to the last. */
export function periodOf(statements: readonly Statement[]): string {
  const times = [...new Set(statements.map((one) => one.when).filter(Boolean))].sort();
  const [first = "", last = ""] = [times[0], times.at(-1)];
  return first === last ? first : `${first} – ${last}`;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether all that one sees of a statement holds each word. */
export function matches(statement: Statement, words: readonly string[], source: string): boolean {
  const text = [statement.property, statement.value, statement.when, statement.text, source, ...statement.qualifiers]
    .join(" ")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
