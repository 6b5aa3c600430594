// Titles and captions of answers, and addresses for sharing, citing, embedding and downloading them.

import { useEffect, useState } from "preact/hooks";
import { get, send } from "../api/requests";
import { fromRoot, isSite } from "../api/site";
import type { Answer, Language, QuestionHead } from "../api/types";
import { hasDay, requestParams } from "../ask/parameters";
import { closedTraceAddress } from "../state/address";
import { fill, number } from "../state/language";
import { AS_OF, EMBED } from "../state/route";
import { save } from "../ui/download";
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

/** Returns the number of sources and the date of the newest one; empty while the evidence has not arrived. */
function sourcesOf({ sources, language }: Answer, w: Words): string {
  if (!sources) return "";
  const count = number(sources.length, language === "zh" ? "zh" : "en");
  const newest = sources
    .map((source) => source.published)
    .filter((date) => DAY.test(date))
    .sort()
    .at(-1);
  return newest ? fill(w.newest, count, newest) : fill(w.sources, count);
}

/** Returns the texts around a picture of an answer. */
export function captionOf(answer: Answer, population: string, citation: string, w: Words) {
  return {
    title: answer.title,
    about: [filterText(answer, w.or), `${fill(w.asOf, answer.asOf)} ${population}`.trim()].filter(Boolean),
    from: [sourcesOf(answer, w), citation].filter(Boolean),
  };
}

/** Returns the address of this view for others: with its language and, if it has one, its day, so that it does not change with the data. */
export function shareAddress(question: QuestionHead, { asOf }: Answer, lang: Language): string {
  return fromRoot(closedTraceAddress({ lang, ...(hasDay(question) ? { [AS_OF]: asOf } : {}) }));
}

/** Returns the citation of an answer in one line, or the address of this view if the data has no version identifier. */
export async function citationOf(question: QuestionHead, params: URLSearchParams, lang: Language): Promise<string> {
  // One row is enough, since the citation does not depend on the number of rows.
  const query = { ...requestParams(question, params), lang, citation: true, evidence: false, limit: 1 };
  const path = `api/questions/${question.name}/answer`;
  // A failure must not prevent a picture or a citation.
  const { footnote } = await get<Pick<Answer, "footnote">>(path, query).catch(() => ({ footnote: undefined }));
  return footnote ?? fromRoot(closedTraceAddress());
}

/** Returns HTML that embeds this view in another page. */
export function embedCode(title: string): string {
  const url = fromRoot(closedTraceAddress({ [EMBED]: "1" }));
  const escapeHtml = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${escapeHtml(url)}" title="${escapeHtml(title)}" width="100%" height="640" style="border:0" loading="lazy"></iframe>`;
}

/** Returns whether the server allows other sites to embed the explorer, from the Content-Security-Policy of the embedded page. */
export function useIsEmbeddable(): boolean {
  const [isEmbeddable, setIsEmbeddable] = useState(false);
  useEffect(() => {
    if (isSite) {
      setIsEmbeddable(true);
      return;
    }
    fetch(fromRoot("?embed"), { method: "HEAD", headers: { Accept: "text/html" } }).then(
      (response) =>
        setIsEmbeddable(!/frame-ancestors 'none'/.test(response.headers.get("Content-Security-Policy") ?? "frame-ancestors 'none'")),
      () => undefined, // embedding is not offered
    );
  }, []);
  return isEmbeddable;
}

/** Formats that need packages which the engine of a static site does not have. */
const SERVER_FORMATS = ["xlsx", "parquet"];

/** Returns whether a format is available here. */
export function isAvailable(format: string): boolean {
  return !isSite || !SERVER_FORMATS.includes(format);
}

/** On a static site, saves the response of the engine instead of following the link of a download; `name` is used if it has none. */
export async function saveFromEngine(event: Event, path: string, name: string): Promise<void> {
  if (!isSite) return;
  event.preventDefault();
  const response = await send(path, {});
  const ownName = /filename="?([^";]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  save(ownName ?? name, response.headers.get("Content-Type") ?? "", await response.arrayBuffer());
}
