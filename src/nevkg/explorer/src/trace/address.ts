import { hrefWith } from "../state/route";

export const TRACE = "trace";
export const CELL = "cell"; // of the query in the address: its row and its column

/** The things that were clicked, where the panel is on what is behind a cell with them. */
export const OF = "of";

/** The address of this view with the panel open on what is behind something, such as a cell with some things. */
export function tracing(iris: readonly string[], of: readonly string[] = []): string {
  return hrefWith({ [TRACE]: iris, [CELL]: null, [OF]: of });
}

/** The address of this view with the panel open on what is behind a cell of the query in the address; rows count from 1. */
export function explaining(row: number, column: string): string {
  return hrefWith({ [TRACE]: null, [CELL]: [String(row), column], [OF]: null });
}

/** The same without the panel. */
export function untraced(): string {
  return hrefWith({ [TRACE]: null, [CELL]: null, [OF]: null });
}
