// What a question is asked about: from the address to a request, and back.

import type { Parameter, QuestionHead } from "../api/types";
import { AS_OF, type Changes } from "../state/route";

export const ANY = "*";
const UNBOUND = "UNDEF";
const DAY = "asOf"; // as_of in addresses
const TONGUE = "lang"; // follows the language of the page

/** Those that a form shows. */
export function formParameters(question: Pick<QuestionHead, "parameters">): readonly Parameter[] {
  return question.parameters.filter((one) => one.name !== TONGUE && one.name !== DAY);
}

/** Whether it is answered for a day; the others go through time. */
export function hasDay(question: Pick<QuestionHead, "parameters">): boolean {
  return question.parameters.some((one) => one.name === DAY);
}

/** What the address of a question begins with: its example. */
export function exampleParams(question: Pick<QuestionHead, "example">): Changes {
  return question.example ?? {};
}

/** The values of a parameter: those of the address, or else its default; none where it may be anything. */
export function valuesOf(parameter: Parameter, params: URLSearchParams): readonly string[] {
  const given = params.getAll(parameter.name).filter(Boolean);
  if (given.length) return given.filter((value) => value !== ANY);
  return parameter.default === UNBOUND ? [] : parameter.default.split(" ").map(bare);
}

/** What the address has for a parameter once it has these values: nothing where that is the default. */
export function written(parameter: Parameter, values: readonly string[]): readonly string[] {
  const usual = valuesOf(parameter, new URLSearchParams());
  if (values.length === usual.length && values.every((value) => usual.includes(value))) return [];
  return values.length ? values : [ANY];
}

/** What is asked of the API. */
export function requestParams(question: Pick<QuestionHead, "parameters">, params: URLSearchParams): Record<string, readonly string[]> {
  const found: Record<string, readonly string[]> = {};
  for (const { name } of formParameters(question)) {
    const values = params.getAll(name).filter(Boolean);
    if (values.length) found[name] = values;
  }
  const day = params.get(AS_OF);
  if (day && hasDay(question)) found[AS_OF] = [day];
  return found;
}

/** A literal of SPARQL without its quotes. */
function bare(term: string): string {
  return term.replace(/^"(.*)"(@.*|\^\^.*)?$/, "$1");
}
