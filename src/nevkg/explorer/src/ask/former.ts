// Former names of parameters, which old addresses still have.
import { useLayoutEffect } from "preact/hooks";
import type { QuestionHead } from "../api/types";
import { type Changes, set } from "../state/route";

type Asked = Pick<QuestionHead, "parameters">;

/** What to change in an address so that its parameters have their present names. */
export function renamed(question: Asked, asked: URLSearchParams): Changes {
  const changes: Record<string, readonly string[] | null> = {};
  for (const { name, formerly = {} } of question.parameters) {
    for (const former of Object.keys(formerly).filter((one) => asked.has(one))) {
      changes[former] = null;
      if (!asked.has(name)) changes[name] = asked.getAll(former);
    }
  }
  return changes;
}

/** Gives an old address the present names, before its page is shown. */
export function useRenamed(question: Asked | undefined, asked: URLSearchParams): void {
  useLayoutEffect(() => {
    const changes = question ? renamed(question, asked) : {};
    if (Object.keys(changes).length) set(changes, true);
  }, [question, asked]);
}
