// Former names of parameters, which are in old links.
import { useLayoutEffect } from "preact/hooks";
import type { QuestionHead } from "../api/types";
import { type Changes, set } from "../state/route";

type Parameters = Pick<QuestionHead, "parameters">;

/** Returns the changes that give the parameters of an address their current names. */
export function renameFormer(question: Parameters, params: URLSearchParams): Changes {
  const changes: Record<string, readonly string[] | null> = {};
  for (const { name, formerly = {} } of question.parameters) {
    for (const former of Object.keys(formerly).filter((key) => params.has(key))) {
      changes[former] = null;
      if (!params.has(name)) changes[name] = params.getAll(former);
    }
  }
  return changes;
}

/** Replaces former names in the address before the page is drawn. */
export function useFormerNames(question: Parameters | undefined, params: URLSearchParams): void {
  useLayoutEffect(() => {
    const changes = question ? renameFormer(question, params) : {};
    if (Object.keys(changes).length) set(changes, true);
  }, [question, params]);
}
