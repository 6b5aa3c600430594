import type { Shown } from "../answer/roles";
export function AnswerMap(_: Shown) {
  return null;
}
