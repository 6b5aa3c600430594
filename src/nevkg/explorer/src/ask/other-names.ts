// Other names of parameters, which are in addresses that people write.
import { useLayoutEffect } from "preact/hooks";
import type { QuestionHead } from "../api/types";
import { type Changes, set } from "../state/route";

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
