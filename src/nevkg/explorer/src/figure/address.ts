// From a figure to the answer that it is from.
import type { Figure, Target } from "../api/types";
import { type Changes, href } from "../state/route";

/** The address of an answer. */
export function answerOf({ question, parameters }: Target, changes: Changes = {}): string {
  return href("ask", question, { ...parameters, ...changes });
}

/** The same, shown so that one sees what the figure says. */
export function figureAddress(figure: Figure): string {
  const { show, columns } = figure;
  if (show === "chart" || show === "map") return answerOf(figure, { as: show });
  return answerOf(figure, {
    as: "table",
    ...(show === "count" && columns.length ? { count: columns } : show === "sum" ? { sum: columns } : {}),
  });
}
