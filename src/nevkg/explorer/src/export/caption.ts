// Titles, captions and citations of answers.
import type { Answer } from "../api/types";
import { fill, number } from "../state/language";
import type { words } from "./words";

type Words = (typeof words)["en"];

/** Returns the filters of an answer as text. */
export function filterText({ filters }: Answer, or: string): string {
  return filters.map((values) => values.join(or)).join(" · ");
}

/** Returns the title of an answer with its filters. */
export function titleWithFilters(answer: Answer, or: string): string {
  return [answer.title, filterText(answer, or)].filter(Boolean).join(" · ");
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/** Returns the number of sources and the date of the newest one. */
function sourcesOf({ sources = [], language }: Answer, w: Words): string {
  const count = number(sources.length, language === "zh" ? "zh" : "en");
  const newest = sources
    .map((source) => source.published)
    .filter((date) => DAY.test(date))
    .sort()
    .at(-1);
  return newest ? fill(w.newest, count, newest) : fill(w.sources, count);
}

/** Returns the texts around a picture of an answer. */
export function captionOf(answer: Answer, citation: string, w: Words) {
  return {
    title: answer.title,
    about: [filterText(answer, w.or), `${fill(w.asOf, answer.asOf)} ${answer.support?.text ?? ""}`.trim()].filter(Boolean),
    from: [sourcesOf(answer, w), citation],
  };
}
