// Addresses of an answer for others.
import { useEffect, useState } from "preact/hooks";
import { address, get, send } from "../api/get";
import { isSite } from "../api/transport";
import type { Answer, Language, QuestionHead, View } from "../api/types";
import { requestParams } from "../ask/parameters";
import { save } from "../ui/download";

/** The plain page of an answer: services that preview a link can read it, and it leads to this view. */
export function shareAddress(question: QuestionHead, params: URLSearchParams, lang: Language, view: View): string {
  if (isSite) return location.href;
  const path = address(`questions/${question.name}`, { ...requestParams(question, params), lang, as: view });
  return new URL(path, document.baseURI).href;
}

/** The permanent address of an answer; where the state of the data has no name, the address of this view. */
export async function permanentAddress(question: QuestionHead, params: URLSearchParams): Promise<string> {
  // One row is enough: the address is that of the whole answer.
  const given = { ...requestParams(question, params), citation: true, evidence: false, limit: 1 };
  const path = `api/questions/${question.name}/answer`;
  // Without it a picture is still worth having.
  const { citation } = await get<Pick<Answer, "citation">>(path, given).catch(() => ({ citation: undefined }));
  return citation ?? viewAddress();
}

/** The address of this view, without what is open beside it. */
export function viewAddress(): string {
  return location.href.split("&trace=")[0] ?? "";
}

/** HTML for the pages of others, which shows this view. */
export function embedCode(title: string): string {
  const url = new URL(`./?embed${new URL(viewAddress()).hash}`, location.href);
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
