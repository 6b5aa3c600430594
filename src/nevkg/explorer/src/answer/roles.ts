// Which views suit an answer, and which columns play which role there: as its question tells, or as their types suggest.
import { type Answer, type Column, isThing, type Row, type Show, type View } from "../api/types";
import { each } from "../ui/value";

export interface AnswerProps {
  readonly answer: Pick<Answer, "columns" | "rows" | "evidence" | "asOf" | "title" | "sources"> & { readonly explained?: boolean };
  readonly show: Show;
}

const DAY = /^(\.\.\/)?\d{4}(-\d{2}){0,2}(\/.*)?$/;

/** The views that have something to show, the table always among them. */
export function viewsOf({ columns, rows }: Pick<Answer, "columns" | "rows">, show: Show, preferred: View): View[] {
  const roles = told(columns, rows, show);
  const found: View[] = ["table"];
  // Most things lie nowhere: where a question tells how it wants to be shown, it tells of places, too.
  if (show.place || (roles.place && !Object.keys(show).length)) found.push("map");
  if (roles.at || roles.from) found.push("timeline");
  if (roles.x && roles.y) found.push("chart");
  if (roles.subject && roles.object) found.push("graph");
  return found.includes(preferred) || preferred === "table" ? found : [...found, preferred];
}

/** What the types of columns suggest. */
export function guessRoles(columns: readonly Column[], rows: readonly Row[]): Show {
  const single = columns.filter((column) => !column.list);
  const things = single.filter((column) => column.type === "thing");
  const numbers = single.filter((column) => column.type === "integer" || column.type === "number");
  const dated = daysOf(columns, rows);
  const days = single.filter((column) => dated.has(column.name));
  const [first, second] = things;
  const label = first ?? single.find((column) => column.type === "text") ?? columns[0];
  const x = things.find((column) => distinct(rows, column.name) > 1) ?? days[0] ?? single.find((column) => column.type === "text");
  return {
    ...(first ? { place: first.name, subject: first.name } : {}),
    ...(second ? { color: second.name, object: second.name } : {}),
    ...(label ? { label: label.name } : {}),
    ...(numbers[0] ? { size: numbers[0].name, y: numbers[0].name } : {}),
    ...(days[0] ? { at: days[0].name } : {}),
    ...(x ? { x: x.name } : {}),
    lane: things.slice(1).map((column) => column.name),
  };
}

/** The columns that hold days, or times as coarse as sources leave them. */
export function daysOf(columns: readonly Column[], rows: readonly Row[]): Set<string> {
  const found = columns.filter(({ type, list, name }) => type === "date" || (type === "text" && !list && areDays(rows, name)));
  return new Set(found.map((column) => column.name));
}

/** The columns of whole numbers that are years. */
export function yearsOf(columns: readonly Column[], rows: readonly Row[]): Set<string> {
  const isYear = (value: unknown) => value === null || (typeof value === "number" && value > 1800 && value < 2200);
  const found = columns.filter(({ type, list, name }) => type === "integer" && !list && rows.every((row) => isYear(row[name] ?? null)));
  return new Set(found.map((column) => column.name));
}

function areDays(rows: readonly Row[], name: string): boolean {
  const told = rows.map((row) => row[name]).filter((value) => value !== null && value !== undefined);
  return told.length > 0 && told.every((value) => typeof value === "string" && DAY.test(value));
}

function distinct(rows: readonly Row[], name: string): number {
  return new Set(
    rows.map((row) =>
      each(row[name])
        .map((one) => (isThing(one) ? one.iri : String(one)))
        .join(" "),
    ),
  ).size;
}

/** The roles of an answer's columns, those that its question names first. */
export function rolesOf({ answer, show }: AnswerProps): Show {
  return told(answer.columns, answer.rows, show);
}

function told(columns: readonly Column[], rows: readonly Row[], show: Show): Show {
  const guessed = guessRoles(columns, rows);
  const { size, color, ...others } = guessed;
  // A question that tells where things lie tells what their size and colour mean, too.
  return { ...(show.place ? others : guessed), ...show };
}

/** What a row rests on, for one column or for the whole of it. */
export function evidenceOf(answer: AnswerProps["answer"], row: number, column?: string): string[] {
  const own = answer.evidence?.[row] ?? {};
  return [...new Set(column ? own[column] : Object.values(own).flat())];
}
