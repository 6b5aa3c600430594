// The roles of columns in the views of an answer: from its question, or guessed from the types of columns.
import { type Answer, type AnswerColumn, isThing, type Row, type Show, type View } from "../api/types";
import { each } from "../ui/values";

export interface AnswerProps {
  readonly answer: Pick<Answer, "columns" | "rows" | "evidence" | "asOf" | "title" | "sources" | "addends"> & {
    readonly isExplainable?: boolean;
  };
  readonly show: Show;
}

const DAY = /^(\.\.\/)?\d{4}(-\d{2}){0,2}(\/.*)?$/;

/** Returns the views that can show an answer; the table always can. */
export function viewsOf({ columns, rows }: Pick<Answer, "columns" | "rows">, show: Show, preferred: View): View[] {
  const roles = mergeRoles(columns, rows, show);
  const views: View[] = ["table"];
  // Most entities have no location. A question that names roles also names the place if there is one.
  if (show.place || (roles.place && !Object.keys(show).length)) views.push("map");
  if (roles.at || roles.from) views.push("timeline");
  if (roles.x && roles.y) views.push("chart");
  if (roles.subject && roles.object) views.push("graph");
  return views.includes(preferred) || preferred === "table" ? views : [...views, preferred];
}

/** Guesses the roles of columns from their types. */
export function guessRoles(columns: readonly AnswerColumn[], rows: readonly Row[]): Show {
  const single = columns.filter((column) => !column.list);
  const entities = single.filter((column) => column.type === "thing");
  const numbers = single.filter((column) => column.type === "integer" || column.type === "number");
  const dayNames = daysOf(columns, rows);
  const days = single.filter((column) => dayNames.has(column.name));
  const [first, second] = entities;
  const label = first ?? single.find((column) => column.type === "text") ?? columns[0];
  const x = entities.find((column) => countDistinct(rows, column.name) > 1) ?? days[0] ?? single.find((column) => column.type === "text");
  return {
    ...(first ? { place: first.name, subject: first.name } : {}),
    ...(second ? { color: second.name, object: second.name } : {}),
    ...(label ? { label: label.name } : {}),
    ...(numbers[0] ? { size: numbers[0].name, y: [numbers[0].name] } : {}),
    ...(days[0] ? { at: days[0].name } : {}),
    ...(x ? { x: x.name } : {}),
    lane: entities.slice(1).map((column) => column.name),
  };
}

/** Returns the label of a column, or its name if it has none; empty without a name. */
export function columnLabel(columns: readonly AnswerColumn[], name: string | undefined): string {
  return columns.find((column) => column.name === name)?.label ?? name ?? "";
}

/** Returns the columns with days, or with times as precise as the sources give them. */
export function daysOf(columns: readonly AnswerColumn[], rows: readonly Row[]): Set<string> {
  const matches = columns.filter(({ type, list, name }) => type === "date" || (type === "text" && !list && areDays(rows, name)));
  return new Set(matches.map((column) => column.name));
}

/** Returns the columns of integers that are years. */
export function yearsOf(columns: readonly AnswerColumn[], rows: readonly Row[]): Set<string> {
  const isYear = (value: unknown) => value === null || (typeof value === "number" && value > 1800 && value < 2200);
  const matches = columns.filter(({ type, list, name }) => type === "integer" && !list && rows.every((row) => isYear(row[name] ?? null)));
  return new Set(matches.map((column) => column.name));
}

function areDays(rows: readonly Row[], name: string): boolean {
  const values = rows.map((row) => row[name]).filter((value) => value !== null && value !== undefined);
  return values.length > 0 && values.every((value) => typeof value === "string" && DAY.test(value));
}

function countDistinct(rows: readonly Row[], name: string): number {
  return new Set(
    rows.map((row) =>
      each(row[name])
        .map((value) => (isThing(value) ? value.iri : String(value)))
        .join(" "),
    ),
  ).size;
}

/** Returns the roles of the columns of an answer. Roles from its question take precedence. */
export function rolesOf({ answer, show }: AnswerProps): Show {
  return mergeRoles(answer.columns, answer.rows, show);
}

function mergeRoles(columns: readonly AnswerColumn[], rows: readonly Row[], show: Show): Show {
  const guess = guessRoles(columns, rows);
  const { size, color, ...others } = guess;
  // A question that names the place also names size and colour if it has them.
  return { ...(show.place ? others : guess), ...show };
}

/** Returns the evidence of a row, or of one of its cells. */
export function evidenceOf(answer: AnswerProps["answer"], row: number, column?: string): string[] {
  const evidence = answer.evidence?.[row] ?? {};
  return [...new Set(column ? evidence[column] : Object.values(evidence).flat())];
}
