// Requests to our own server: one at a time for each address, kept for a while, with errors that a person can read.

import { currentRoute } from "../state/route";
import { fetchResource, isSite } from "./transport";

const SECONDS = isSite ? 600 : 60; // a site of files must first load its engine, over any line
const KEPT = 60;

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** What went wrong; `status` is 0 where no answer came, 504 where the server gave up, -1 where we did. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly line?: number,
    readonly column?: number,
    readonly language = "en",
  ) {
    super(message);
  }
}

const kept = new Map<string, Promise<unknown>>();

/** An address of the API, relative to the page; the day by which sources were published is that of the page. */
export function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  const known = currentRoute().params.get("known_by") || undefined;
  for (const [name, value] of Object.entries({ ...query, known_by: known })) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one));
  }
  const text = params.toString();
  return `${path}${text ? `?${text}` : ""}`;
}

/** A document in JSON. What was got before is given again, unless it failed. */
export function get<T>(path: string, query: Query = {}): Promise<T> {
  return getUrl(address(path, query));
}

/** The same by its whole address. */
export function getUrl<T>(key: string): Promise<T> {
  const known = kept.get(key);
  if (known) {
    kept.delete(key); // to the end: the first is the one that is longest unused
    kept.set(key, known);
    return known as Promise<T>;
  }
  const coming = fetchJson<T>(key, { headers: { Accept: "application/json" } });
  kept.set(key, coming);
  coming.catch(() => kept.delete(key));
  if (kept.size > KEPT) kept.delete(kept.keys().next().value as string);
  return coming;
}

/** Asks anew for a document in JSON, with a limit of time; `stop` ends it from outside. */
export async function fetchJson<T>(url: string, init: RequestInit, stop?: AbortSignal): Promise<T> {
  return (await (await send(url, init, stop)).json()) as T;
}

/** The response, where it is a good one. */
export async function send(url: string, init: RequestInit, stop?: AbortSignal): Promise<Response> {
  const limit = AbortSignal.timeout(SECONDS * 1000);
  let response: Response;
  try {
    response = await fetchResource(url, { ...init, signal: stop ? AbortSignal.any([stop, limit]) : limit });
  } catch (error) {
    if (stop?.aborted) throw error;
    throw limit.aborted ? new RequestError(-1, "") : new RequestError(0, "");
  }
  if (!response.ok) throw await problem(response);
  return response;
}

async function problem(response: Response): Promise<RequestError> {
  try {
    const said = (await response.json()) as { detail?: unknown; title?: unknown; line?: unknown; column?: unknown };
    const number = (value: unknown) => (typeof value === "number" ? value : undefined);
    const language = response.headers.get("Content-Language") ?? "en";
    return new RequestError(response.status, String(said.detail ?? said.title ?? ""), number(said.line), number(said.column), language);
  } catch {
    return new RequestError(response.status, response.statusText);
  }
}
