// Addresses of the answers that figures show.
import type { Figure, Target } from "../api/types";
import { type Changes, href } from "../state/route";

/** Returns the address of an answer. */
export function targetAddress({ question, parameters }: Target, changes: Changes = {}): string {
  return href("ask", question, { ...parameters, ...changes });
}

/** Returns the address of the answer of a figure, in the view that shows the value of the figure. */
export function figureAddress(figure: Figure): string {
  const { show, columns } = figure;
  if (show === "chart" || show === "map") return targetAddress(figure, { as: show });
  return targetAddress(figure, {
    as: "table",
    ...(show === "count" && columns.length ? { count: columns } : show === "sum" ? { sum: columns } : {}),
  });
}
