// Tables of the report as answers, so that they are shown, sorted and filtered as answers are.
import type { AnswerProps } from "../answer/roles";
import {
  type Cell,
  type Check,
  type Column,
  type ColumnType,
  isThing,
  type QualityTable,
  type QuestionHead,
  type Severity,
  type Topic,
} from "../api/types";

export const SEVERITIES: readonly Severity[] = ["violation", "warning", "info"];

/** Tables by their sections, in the order in which they are told. */
export function sections(tables: readonly QualityTable[]): { section: string; tables: QualityTable[] }[] {
  const found = new Map<string, QualityTable[]>();
  for (const table of tables) found.set(table.section, [...(found.get(table.section) ?? []), table]);
  return [...found].map(([section, own]) => ({ section, tables: own }));
}

export function answerOf({ title, columns, rows }: QualityTable): AnswerProps["answer"] {
  const names = columns.map((_, place) => `column${place + 1}`);
  return {
    title,
    asOf: "",
    columns: columns.map((label, place) => columnOf(names[place] as string, label, rows, place)),
    rows: rows.map((row) => Object.fromEntries(names.map((name, place) => [name, row[place] ?? null]))),
  };
}

function columnOf(name: string, label: string, rows: QualityTable["rows"], place: number): Column {
  return { name, label, type: typeOf(rows.map((row) => row[place] ?? null)), list: false, evidence: false };
}

/** A word such as "not known" among things or numbers does not make texts of them. */
function typeOf(cells: readonly Cell[]): ColumnType {
  if (cells.some(isThing)) return "thing";
  const numbers = cells.filter((cell) => typeof cell === "number");
  if (numbers.length && cells.every((cell) => cell === null || cell === "" || typeof cell === "number")) {
    return numbers.every(Number.isInteger) ? "integer" : "number";
  }
  return "text";
}

/** How many checks and findings there are of each severity, the gravest first. */
export function bySeverity(checks: readonly Check[]): { severity: Severity; checks: number; found: number }[] {
  return SEVERITIES.map((severity) => {
    const own = checks.filter((one) => one.severity === severity);
    return { severity, checks: own.length, found: own.reduce((sum, one) => sum + one.found, 0) };
  });
}

/** Checks that find something first, then by severity and by how much they find. */
export function ordered(checks: readonly Check[]): Check[] {
  const grave = (check: Check) => SEVERITIES.indexOf(check.severity);
  return [...checks].sort((a, b) => Number(b.found > 0) - Number(a.found > 0) || grave(a) - grave(b) || b.found - a.found);
}

/** The questions of the catalogue that are about sources and evidence. */
export function aboutEvidence(topics: readonly Topic[]): QuestionHead[] {
  return topics.flatMap(({ topic, questions }) => questions.filter((one) => topic === "sources" || one.tags.includes("evidence")));
}
