import type { Shown } from "../answer/roles";
export function AnswerTimeline(_: Shown) {
  return null;
}
