import { here } from "../state/route";

export const TRACE = "trace";

/** The address of this view with the panel open on what is behind something. */
export function tracing(iris: readonly string[]): string {
  return here({ [TRACE]: iris });
}

/** The same without the panel. */
export function untraced(): string {
  return here({ [TRACE]: null });
}
