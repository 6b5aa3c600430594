import type { Shown } from "../answer/roles";
export function AnswerChart(_: Shown) {
  return null;
}
