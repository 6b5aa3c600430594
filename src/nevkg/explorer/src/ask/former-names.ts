// Former names of parameters, which old addresses still have.
import { useLayoutEffect } from "preact/hooks";
import type { QuestionHead } from "../api/types";
import { type Changes, set } from "../state/route";

type Asked = Pick<QuestionHead, "parameters">;

/** What to change in an address so that its parameters have their present names. */
export function renameFormer(question: Asked, params: URLSearchParams): Changes {
  const changes: Record<string, readonly string[] | null> = {};
  for (const { name, formerly = {} } of question.parameters) {
    for (const former of Object.keys(formerly).filter((one) => params.has(one))) {
      changes[former] = null;
      if (!params.has(name)) changes[name] = params.getAll(former);
    }
  }
  return changes;
}

/** Gives an old address the present names, before its page is shown. */
export function useFormerNames(question: Asked | undefined, params: URLSearchParams): void {
  useLayoutEffect(() => {
    const changes = question ? renameFormer(question, params) : {};
    if (Object.keys(changes).length) set(changes, true);
  }, [question, params]);
}
