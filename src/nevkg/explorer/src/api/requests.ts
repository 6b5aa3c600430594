// Requests to the API: cached, one at a time per address, with readable errors.

import { useCallback, useEffect, useState } from "preact/hooks";
import { currentRoute, fileAddress, serverPath } from "../state/route";
import { fromRoot, isSite, ROOT } from "./site";

const SECONDS = isSite ? 600 : 60; // a static site first loads its engine, possibly over a slow connection
const REPETITIONS = 3; // of a request that a busy server asks to send again
const LONGEST_WAIT = 10; // seconds; the reader decides about longer ones
const CACHE_SIZE = 60;
/** How a page begins, unless it is one of a site without content. */
const HAS_CONTENT = /^<!doctype html>\s*<html(?![^>]* data-shell)[^>]* data-root=/i;

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** A failed request; `status` is the HTTP status, 0 if there was no response, -1 if the time limit of the client passed. */
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

const cache = new Map<string, Promise<unknown>>();

/** Returns an address of the API, relative to that of the server; `known_by` is taken from the page. */
export function address(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  const knownBy = currentRoute().params.get("known_by") || undefined;
  for (const [name, value] of Object.entries({ ...query, known_by: knownBy })) {
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value]) params.append(name, String(item));
  }
  const text = params.toString();
  return `${path}${text ? `?${text}` : ""}`;
}

/** The documents that the page came with, by address. */
const embedded = new Map<string, unknown>();

/** Reads the documents that the page came with, so that what it shows is not requested again. */
export function readEmbedded(): void {
  for (const element of document.querySelectorAll<HTMLElement>("script[data-address]"))
    embedded.set(sortParams(element.dataset.address ?? ""), JSON.parse(element.textContent ?? ""));
}

/** Returns an address with its parameters sorted. */
export function sortParams(url: string): string {
  const [path = "", query = ""] = url.split("?");
  const params = new URLSearchParams(query);
  params.sort();
  return params.size ? `${path}?${params}` : path;
}

/** Returns a JSON document, from the cache if an earlier request for it has not failed. */
export function get<T>(path: string, query: Query = {}): Promise<T> {
  return getUrl(address(path, query));
}

/** Does the same as `get` for a complete address. */
function getUrl<T>(url: string): Promise<T> {
  const cached = cache.get(url);
  if (cached) {
    cache.delete(url); // moves it to the end: the first entry is the least recently used
    cache.set(url, cached);
    return cached as Promise<T>;
  }
  const known = embedded.get(sortParams(url));
  const request = known ? Promise.resolve(known as T) : fetchJson<T>(url, { headers: { Accept: "application/json" } });
  cache.set(url, request);
  request.catch(() => cache.delete(url));
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value as string);
  return request;
}

/** Fetches a JSON document without the cache and with a time limit; `stop` aborts the request. */
export async function fetchJson<T>(url: string, init: RequestInit, stop?: AbortSignal): Promise<T> {
  return (await (await send(url, init, stop)).json()) as T;
}

/** Sends a request and returns the response if it is successful. Sends it again when a busy server asks for that. */
export async function send(url: string, init: RequestInit, stop?: AbortSignal): Promise<Response> {
  for (let repetition = 0; ; repetition++) {
    const response = await sendOnce(url, init, stop);
    if (response.ok) return response;
    const wait = response.status === 503 && !init.body ? Number(response.headers.get("Retry-After")) : 0;
    if (!wait || wait > LONGEST_WAIT || repetition === REPETITIONS) throw await readProblem(response);
    await sleep(wait * 1000, stop);
  }
}

async function sendOnce(url: string, init: RequestInit, stop?: AbortSignal): Promise<Response> {
  const limit = AbortSignal.timeout(SECONDS * 1000);
  try {
    return await fetchResource(url, { ...init, signal: stop ? AbortSignal.any([stop, limit]) : limit });
  } catch (error) {
    if (stop?.aborted) throw error;
    throw limit.aborted ? new RequestError(-1, "") : new RequestError(0, "");
  }
}

function sleep(milliseconds: number, stop?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    stop?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(stop.reason);
    });
  });
}

/** Works like `fetch()` for an address relative to that of the server. A static site answers from its files and from the engine in this browser. */
async function fetchResource(url: string, init: RequestInit): Promise<Response> {
  return isSite ? (await import("../engine/site")).fetchFromSite(url, init) : fetch(fromRoot(url), init);
}

/** Loads a page as the server writes it; `base` is what its links are relative to. On a site, the engine writes what has no file. */
export async function sendForPage(address: string): Promise<{ text: string; base: string }> {
  const headers = { Accept: "text/html" };
  const path = serverPath(address);
  if (!isSite) return { text: await (await send(path, { headers })).text(), base: address };
  const file = fileAddress(address);
  const own = file ? await fetch(file, { headers }).catch(() => undefined) : undefined;
  const text = own?.ok ? await own.text() : "";
  if (file && HAS_CONTENT.test(text)) return { text, base: new URL(file, address).href };
  const response = await (await import("../engine/client")).fetchFromEngine(path, { headers });
  if (!response.ok) throw new RequestError(response.status, "");
  return { text: await response.text(), base: ROOT };
}

async function readProblem(response: Response): Promise<RequestError> {
  try {
    const problem = (await response.json()) as { detail?: unknown; title?: unknown; line?: unknown; column?: unknown };
    const number = (value: unknown) => (typeof value === "number" ? value : undefined);
    const language = response.headers.get("Content-Language") ?? "en";
    return new RequestError(
      response.status,
      String(problem.detail ?? problem.title ?? ""),
      number(problem.line),
      number(problem.column),
      language,
    );
  } catch {
    return new RequestError(response.status, response.statusText);
  }
}

/** The state of a request. While another one is running, `data` is that of the previous one. */
export type Loading<T> =
  | { readonly state: "waiting"; readonly data?: T }
  | { readonly state: "failed"; readonly data?: undefined; readonly error: RequestError; readonly retry: () => void }
  | { readonly state: "loaded"; readonly data: T };

/** Returns a document that the page came with; undefined for others. */
export function readNow<T>(url: string | null): T | undefined {
  return url === null ? undefined : (embedded.get(sortParams(url)) as T | undefined);
}

/** Loads a document of the API; sends no request if `path` is null. */
export function useGet<T>(path: string | null, query: Query = {}): Loading<T> {
  const url = path === null ? null : address(path, query);
  return useLoading(
    useCallback(() => (url === null ? null : getUrl<T>(url)), [url]),
    readNow<T>(url),
  );
}

/** Loads data with a function, again whenever the function changes; wrap it in `useCallback`. What is known already is shown at once. */
export function useLoading<T>(load: () => Promise<T> | null, known?: T): Loading<T> {
  const [loading, set] = useState<Loading<T>>(known === undefined ? { state: "waiting" } : { state: "loaded", data: known });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    if (known !== undefined) {
      set({ state: "loaded", data: known });
      return;
    }
    const promise = load();
    set((last) => (last.state === "loaded" ? { state: "waiting", data: last.data } : { state: "waiting" }));
    promise?.then(
      (data) => isCurrent && set({ state: "loaded", data }),
      (error: unknown) =>
        isCurrent &&
        set({
          state: "failed",
          error: error instanceof RequestError ? error : new RequestError(0, String(error)),
          retry: () => setAttempt((count) => count + 1),
        }),
    );
    return () => {
      isCurrent = false;
    };
  }, [load, attempt, known]);
  return loading;
}
