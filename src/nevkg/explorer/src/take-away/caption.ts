// What an answer is called, and how it is cited.
import type { Answer } from "../api/types";
import { fill, number } from "../state/language";
import type { words } from "./words";

type Said = (typeof words)["en"];

/** What an answer is restricted to. */
export function inWords({ filters }: Answer, or: string): string {
  return filters.map((several) => several.join(or)).join(" · ");
}

/** The question with that. */
export function restricted(answer: Answer, or: string): string {
  return [answer.title, inWords(answer, or)].filter(Boolean).join(" · ");
}

/** The citation, with the permanent address of the answer. */
export function citationOf(answer: Answer, address: string, w: Said): string {
  const { version, date, identity } = answer.dataset;
  return fill(w.citing, version, date, identity, restricted(answer, w.or), answer.asOf, address);
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/** How many sources there are, and of which day the newest is. */
function sourcesOf({ sources = [], language }: Answer, w: Said): string {
  const count = number(sources.length, language === "zh" ? "zh" : "en");
  const newest = sources
    .map((source) => source.published)
    .filter((day) => DAY.test(day))
    .sort()
    .at(-1);
  return newest ? fill(w.newest, count, newest) : fill(w.sources, count);
}

/** What stands around a picture of the answer. */
export function captionOf(answer: Answer, address: string, w: Said) {
  return {
    title: answer.title,
    about: [inWords(answer, w.or), `${fill(w.asOf, answer.asOf)} ${answer.support?.text ?? ""}`.trim()].filter(Boolean),
    from: [sourcesOf(answer, w), citationOf(answer, address, w)],
  };
}
