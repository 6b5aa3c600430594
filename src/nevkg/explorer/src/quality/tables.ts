// Converts tables of the quality report to answers, so that they can be shown, sorted and filtered like answers.
import type { AnswerProps } from "../answer/roles";
import {
  type AnswerColumn,
  type Cell,
  type Check,
  type CheckSeverity,
  type ColumnType,
  isThing,
  type QualityTable,
  type QuestionHead,
  type Topic,
} from "../api/types";

const SEVERITIES: readonly CheckSeverity[] = ["violation", "warning", "info"];

/** Returns a table of the report as an answer. */
export function answerOf({ title, columns, rows }: QualityTable): AnswerProps["answer"] {
  const names = columns.map((_, index) => `column${index + 1}`);
  return {
    title,
    asOf: "",
    columns: columns.map((label, index) => columnOf(names[index] as string, label, rows, index)),
    rows: rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]))),
  };
}

function columnOf(name: string, label: string, rows: QualityTable["rows"], index: number): AnswerColumn {
  return { name, label, type: typeOf(rows.map((row) => row[index] ?? null)), list: false, evidence: false };
}

/** Returns the type of a column. A word such as "not known" among entities does not make it a text column. */
function typeOf(cells: readonly Cell[]): ColumnType {
  if (cells.some(isThing)) return "thing";
  const numbers = cells.filter((cell) => typeof cell === "number");
  if (numbers.length && cells.every((cell) => cell === null || cell === "" || typeof cell === "number")) {
    return numbers.every(Number.isInteger) ? "integer" : "number";
  }
  return "text";
}

/** Counts checks and findings by severity, the most severe first. */
export function countBySeverity(checks: readonly Check[]): { severity: CheckSeverity; checks: number; found: number }[] {
  return SEVERITIES.map((severity) => {
    const own = checks.filter((check) => check.severity === severity);
    return { severity, checks: own.length, found: own.reduce((sum, { found }) => sum + found, 0) };
  });
}

/** Sorts checks: those with findings first, then by severity and by number of findings. */
export function sortChecks(checks: readonly Check[]): Check[] {
  const rank = (check: Check) => SEVERITIES.indexOf(check.severity);
  return [...checks].sort((a, b) => Number(b.found > 0) - Number(a.found > 0) || rank(a) - rank(b) || b.found - a.found);
}

/** Returns the questions of the catalogue about sources and evidence. */
export function evidenceQuestions(topics: readonly Topic[]): QuestionHead[] {
  return topics.flatMap(({ topic, questions }) => questions.filter(({ tags }) => topic === "sources" || tags.includes("evidence")));
}
