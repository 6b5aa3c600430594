// Finds parameters of an address that neither the question nor a view has, such as misspelt ones.
import type { QuestionHead } from "../api/types";

/** Parameters of charts, maps, timelines and graphs. */
export const VIEW_PARAMETERS = [
  ..."only y unit-shown topic-shown bars whole".split(" "),
  ..."state against centre pick arcs shade group".split(" "),
  ..."lane bands span".split(" "),
  ..."thing without step chosen side find says more layout from always".split(" "),
];
// Also includes the parameters of answers, tables, the evidence panel and all pages.
const KNOWN = new Set([...VIEW_PARAMETERS, ..."as sort filter is hide page count sum trace adds of cell lang known_by as_of".split(" ")]);

export function unknownParameters(question: Pick<QuestionHead, "parameters">, params: URLSearchParams): string[] {
  const ownNames = question.parameters.flatMap(({ name, also = [] }) => [name, ...also]);
  return [...new Set(params.keys())].filter((name) => !KNOWN.has(name) && !ownNames.includes(name));
}
