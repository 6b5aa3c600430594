import { hrefWith } from "../state/route";

export const TRACE = "trace";
export const CELL = "cell"; // row and column in the result of the query of the address

/** The parameter with the entities in the clicked cell. */
export const CLICKED = "of";

/** Returns the address of this view with the evidence panel open for some entities or facts. */
export function traceAddress(iris: readonly string[], clicked: readonly string[] = []): string {
  return hrefWith({ [TRACE]: iris, [CELL]: null, [CLICKED]: clicked });
}

/** Returns the address of this view with the evidence panel open for a cell of the query in the address. Rows count from 1. */
export function cellTraceAddress(row: number, column: string): string {
  return hrefWith({ [TRACE]: null, [CELL]: [String(row), column], [CLICKED]: null });
}

/** Returns the address of this view without the evidence panel. */
export function closedTraceAddress(): string {
  return hrefWith({ [TRACE]: null, [CELL]: null, [CLICKED]: null });
}
