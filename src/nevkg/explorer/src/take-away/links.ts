// Addresses of an answer for others.
import { useEffect, useState } from "preact/hooks";
import { address } from "../api/get";
import type { Language, QuestionHead, View } from "../api/types";
import { request } from "../ask/parameters";

/** The plain page of an answer: services that preview a link can read it, and it leads to this view. */
export function shareAddress(question: QuestionHead, params: URLSearchParams, lang: Language, view: View): string {
  const path = address(`questions/${question.name}`, { ...request(question, params), lang, as: view });
  return new URL(path, document.baseURI).href;
}

/** HTML for the pages of others, which shows this view. */
export function embedCode(title: string): string {
  const url = new URL(`./?embed${location.hash.split("&trace=")[0]}`, location.href);
  const safe = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${safe(url.href)}" title="${safe(title)}" width="100%" height="640" style="border:0" loading="lazy"></iframe>`;
}

/** Whether this server lets other sites embed it: what it says of the address that would be embedded. */
export function useEmbeddable(): boolean {
  const [may, set] = useState(false);
  useEffect(() => {
    fetch("./?embed", { method: "HEAD", headers: { Accept: "text/html" } }).then(
      (reply) => set(!/frame-ancestors 'none'/.test(reply.headers.get("Content-Security-Policy") ?? "frame-ancestors 'none'")),
      () => undefined, // then it is not offered
    );
  }, []);
  return may;
}
