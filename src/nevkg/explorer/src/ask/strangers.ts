// Parameters of an address that nothing knows, such as misspelt ones.
import type { QuestionHead } from "../api/types";

/** What views keep in the address, beside the parameters of questions. */
const OF_VIEWS = new Set(
  (
    "as sort filter hide page trace cell lang known_by embed " + // answers, tables, the panel and every page
    "only y unit-shown topic-shown bars whole " + // charts
    "state day day2 centre pick arcs shade group " + // maps
    "lane bands span " + // timelines
    "thing without step chosen side find says more layout from"
  ) // graphs
    .split(" "),
);

export function strangers(question: Pick<QuestionHead, "parameters">, asked: URLSearchParams): string[] {
  const own = question.parameters.flatMap(({ name, formerly = {} }) => [name, ...Object.keys(formerly)]);
  return [...new Set(asked.keys())].filter((name) => !OF_VIEWS.has(name) && !own.includes(name));
}
