import { here } from "../state/route";

export const TRACE = "trace";
export const CELL = "cell"; // of the query in the address: its row and its column

/** The address of this view with the panel open on what is behind something. */
export function tracing(iris: readonly string[]): string {
  return here({ [TRACE]: iris, [CELL]: null });
}

/** The address of this view with the panel open on what is behind a cell of the query in the address; rows count from 1. */
export function explaining(row: number, column: string): string {
  return here({ [TRACE]: null, [CELL]: [String(row), column] });
}

/** The same without the panel. */
export function untraced(): string {
  return here({ [TRACE]: null, [CELL]: null });
}
