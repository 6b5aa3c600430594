import type { Shown } from "../answer/roles";
export function AnswerGraph(_: Shown) {
  return null;
}
