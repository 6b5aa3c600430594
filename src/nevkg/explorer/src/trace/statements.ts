// Groups, sorts and searches statements.
import { isThing, type Scalar, type Source, type Statement, type Thing } from "../api/types";
import type { Standing } from "../state/standings";

// As in terms.py.
const SUBJECT = "https://w3id.org/nevkg/ontology#subject";

interface Agreement {
  readonly agree: readonly Statement[];
  readonly stages: readonly Statement[];
  readonly differ: readonly Statement[];
}

/** Returns the entity that a statement is about. */
export function subjectOf(statement: Statement): Thing | undefined {
  const values: readonly Scalar[] = statement.facts.find((fact) => fact.property.iri === SUBJECT)?.values ?? [];
  return values.find(isThing);
}

/** Splits the other statements about the same: those that agree with a supporting statement, undisputed other values, and the rest. */
export function splitByAgreement(statements: readonly Statement[]): Agreement {
  const supporting = new Set(statements.filter(({ role }) => role === "behind").map(contentKey));
  const others = statements.filter(({ role }) => role !== "behind");
  const agrees = (statement: Statement) => supporting.has(contentKey(statement));
  const rest = others.filter((statement) => !agrees(statement));
  return {
    agree: others.filter(agrees),
    stages: rest.filter(({ role }) => role === "stage"),
    differ: rest.filter(({ role }) => role === "beside"),
  };
}

function contentKey(statement: Statement): string {
  return JSON.stringify([statement.subject, statement.property, statement.value]);
}

/** Groups statements by property and value. Values are sorted by standing, then by independent sources, then by date, latest first. */
export function groupByProperty(
  statements: readonly Statement[],
  standings: readonly Standing[] = [],
): Map<string, Map<string, Statement[]>> {
  const ordered = [...statements].sort((a, b) => compare(a.property, b.property) || compare(b.when, a.when) || compare(a.value, b.value));
  const rankOf = (group: readonly Statement[]) => {
    const ranks = group.map(({ standing }) => standings.findIndex(({ iri }) => iri === standing?.iri)).filter((rank) => rank >= 0);
    return Math.min(standings.length, ...ranks);
  };
  const groupByValue = (group: readonly Statement[]) =>
    [...Map.groupBy(group, ({ value }) => value)]
      .map((entry) => ({ entry, rank: rankOf(entry[1]), witnesses: bestSupported(entry[1])?.witnesses ?? 0 }))
      .sort((a, b) => a.rank - b.rank || b.witnesses - a.witnesses)
      .map(({ entry }) => entry);
  return new Map(
    [...Map.groupBy(ordered, ({ property }) => property)].map(([property, group]) => [property, new Map(groupByValue(group))]),
  );
}

/** Returns the statement with most independent sources. */
export function bestSupported(statements: readonly Statement[]): Statement | undefined {
  return [...statements].sort((a, b) => b.witnesses - a.witnesses)[0];
}

/** Returns the period from the earliest to the latest date of some statements. */
export function periodOf(statements: readonly Statement[]): string {
  const times = [...new Set(statements.map(({ when }) => when).filter(Boolean))].sort();
  const [first = "", last = ""] = [times[0], times.at(-1)];
  return first === last ? first : `${first} – ${last}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Returns the visible text of a statement, for searching. */
export function searchText({ property, value, when, text, qualifiers }: Statement, source: Pick<Source, "title"> | undefined): string {
  return [property, value, when, text, source?.title ?? "", ...qualifiers].join(" ");
}
