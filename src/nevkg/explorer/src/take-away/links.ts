// Addresses of an answer for others.
import { useEffect, useState } from "preact/hooks";
import { isSite } from "../api/carry";
import { address, send } from "../api/get";
import type { Language, QuestionHead, View } from "../api/types";
import { request } from "../ask/parameters";
import { save } from "../ui/download";

/** The plain page of an answer: services that preview a link can read it, and it leads to this view. */
export function shareAddress(question: QuestionHead, params: URLSearchParams, lang: Language, view: View): string {
  if (isSite) return location.href;
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
    if (isSite) {
      set(true);
      return;
    }
    fetch("./?embed", { method: "HEAD", headers: { Accept: "text/html" } }).then(
      (reply) => set(!/frame-ancestors 'none'/.test(reply.headers.get("Content-Security-Policy") ?? "frame-ancestors 'none'")),
      () => undefined, // then it is not offered
    );
  }, []);
  return may;
}

/** Formats that need packages which the engine of a site of files does not have. */
const OF_SERVERS = ["xlsx", "parquet"];

/** Whether an answer can be had in a format here. */
export function isOffered(format: string): boolean {
  return !isSite || !OF_SERVERS.includes(format);
}

/** On a site of files there is nothing at the address of a download: what the engine answers is saved instead. */
export async function saveHere(event: Event, path: string): Promise<void> {
  if (!isSite) return;
  event.preventDefault();
  const response = await send(path, {});
  const name = /filename="?([^";]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "nevkg";
  save(name, response.headers.get("Content-Type") ?? "", await response.arrayBuffer());
}
