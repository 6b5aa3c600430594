// Parameters of questions: from the address to a request, and back.

import { useLayoutEffect } from "preact/hooks";
import type { Parameter, QuestionHead } from "../api/types";
import { AS_OF, AS_OF_PARAMETER, type Changes, set } from "../state/route";

export const ANY = "*";
const UNBOUND = "UNDEF";
const LANGUAGE = "lang"; // that of the page

/** Returns the parameters that the form shows. */
export function formParameters(question: Pick<QuestionHead, "parameters">): readonly Parameter[] {
  return question.parameters.filter(({ name }) => name !== LANGUAGE && name !== AS_OF_PARAMETER);
}

/** Whether the answer is for one day; otherwise it covers all times. */
export function hasDay(question: Pick<QuestionHead, "parameters">): boolean {
  return question.parameters.some(({ name }) => name === AS_OF_PARAMETER);
}

/** Returns the parameters of the example of a question, for links to it. */
export function exampleParams(question: Pick<QuestionHead, "example">): Changes {
  return question.example ?? {};
}

/** Returns the values of a parameter: from the address, otherwise its default; empty if any value matches. */
export function valuesOf(parameter: Parameter, params: URLSearchParams): readonly string[] {
  const values = params.getAll(parameter.name).filter(Boolean);
  if (values.length) return values.filter((value) => value !== ANY);
  return parameter.default === UNBOUND ? [] : parameter.default.split(" ").map(unquote);
}

/** Returns the values to write into the address; empty for the default. */
export function routeValues(parameter: Parameter, values: readonly string[]): readonly string[] {
  const defaults = valuesOf(parameter, new URLSearchParams());
  if (values.length === defaults.length && values.every((value) => defaults.includes(value))) return [];
  return values.length ? values : [ANY];
}

/** Returns the parameters of the request to the API. */
export function requestParams(question: Pick<QuestionHead, "parameters">, params: URLSearchParams): Record<string, readonly string[]> {
  const result: Record<string, readonly string[]> = {};
  for (const { name } of formParameters(question)) {
    const values = params.getAll(name).filter(Boolean);
    if (values.length) result[name] = values;
  }
  const day = params.get(AS_OF);
  if (day && hasDay(question)) result[AS_OF] = [day];
  return result;
}

/** Returns the text of a SPARQL literal. */
function unquote(term: string): string {
  return term.replace(/^"(.*)"(@.*|\^\^.*)?$/, "$1");
}

type Parameters = Pick<QuestionHead, "parameters">;

/** Returns the changes that give the parameters of an address their own names. */
export function renameParameters(question: Parameters, params: URLSearchParams): Changes {
  const changes: Record<string, readonly string[] | null> = {};
  for (const { name, also = [] } of question.parameters) {
    for (const other of also.filter((key) => params.has(key))) {
      changes[other] = null;
      if (!params.has(name)) changes[name] = params.getAll(other);
    }
  }
  return changes;
}

/** Replaces other names in the address before the page is drawn. */
export function useOwnNames(question: Parameters | undefined, params: URLSearchParams): void {
  useLayoutEffect(() => {
    const changes = question ? renameParameters(question, params) : {};
    if (Object.keys(changes).length) set(changes, true);
  }, [question, params]);
}

/** Parameters of charts, maps, timelines and graphs. */
const VIEW_PARAMETERS = [
  ..."only y bars whole".split(" "),
  ..."state against centre pick arcs shade group".split(" "),
  ..."lane bands span".split(" "),
  ..."thing without step chosen side find says more layout from always".split(" "),
];
/** The ending of the names of parameters for the values of a column that a map or chart shows. */
const SHOWN = "-shown";

export function isViewParameter(name: string): boolean {
  return name.endsWith(SHOWN) || VIEW_PARAMETERS.includes(name);
}

// Also includes the parameters of answers, tables, the evidence panel and all pages.
const KNOWN = new Set("as sort filter is hide page count sum trace adds of cell lang known_by as_of embed".split(" "));

export function unknownParameters(question: Pick<QuestionHead, "parameters">, params: URLSearchParams): string[] {
  const ownNames = question.parameters.flatMap(({ name, also = [] }) => [name, ...also]);
  return [...new Set(params.keys())].filter((name) => !KNOWN.has(name) && !isViewParameter(name) && !ownNames.includes(name));
}
