// The client of the engine. It starts the worker at the first request; the worker answers requests in order.
import { fromRoot, ROOT } from "../api/site";

/** The files of the engine and of the data, relative to the site, and facts about the data that the engine needs. */
export interface Contents {
  readonly python: string;
  readonly record: string;
  readonly snapshot: string;
  readonly days: string;
  readonly releases: readonly CitableRelease[];
  readonly facts: { readonly digest: string; readonly day: string; readonly prepared: readonly string[] };
}

/** A release of another edition, and its file, from which citations are answered. */
export interface CitableRelease {
  readonly edition: string;
  readonly file: string;
}

export interface EngineRequest {
  readonly id: number;
  readonly address: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type EngineMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "broken"; readonly reason: string }
  | {
      readonly kind: "answer";
      readonly id: number;
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly body: Uint8Array<ArrayBuffer>;
    };

type State = "off" | "starting" | "ready" | "broken";

/** Seconds that a query may continue after it was aborted. */
const GRACE_PERIOD = 5;

interface PendingRequest {
  readonly message: EngineRequest;
  readonly resolve: (response: Response) => void;
  readonly reject: (error: Error) => void;
}

let worker: Worker | undefined;
let state: State = "off";
let lastId = 0;
const pending = new Map<number, PendingRequest>();
const listeners = new Set<() => void>();

export const currentState = () => state;

/** Whether there are requests without a response. */
export const isWaiting = () => pending.size > 0;

/** Calls a listener whenever the state changes; returns a function that removes the listener. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Starts the engine unless it is running. */
export async function start(): Promise<void> {
  if (worker) return;
  worker = new Worker(fromRoot("engine/worker.js"), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<EngineMessage>) => receive(data));
  worker.addEventListener("error", (event) => fail(event.message));
  for (const { message } of pending.values()) worker.postMessage(message); // the worker queues them until the data is loaded
  setState("starting");
  const startedWorker = worker;
  try {
    startedWorker.postMessage((await (await fetch(fromRoot("engine/contents.json"))).json()) as Contents);
  } catch (error) {
    fail(String(error));
  }
}

/** Works like `fetch()`, but sends the request to the engine. */
export function fetchFromEngine(url: string, init: RequestInit): Promise<Response> {
  const id = ++lastId;
  const headers = Object.fromEntries(new Headers(init.headers));
  const address = fromRoot(url).slice(ROOT.length - 1);
  const message: EngineRequest = { id, address, method: init.method ?? "GET", headers, body: String(init.body ?? "") };
  return new Promise((resolve, reject) => {
    pending.set(id, { message, resolve, reject });
    setState(state);
    if (worker) worker.postMessage(message);
    else void start();
    init.signal?.addEventListener("abort", () => abort(id, init.signal?.reason));
  });
}

function receive(message: EngineMessage): void {
  if (message.kind === "ready") setState("ready");
  else if (message.kind === "broken") fail(message.reason);
  else {
    const { status, headers, body } = message;
    pending.get(message.id)?.resolve(new Response(status === 204 || status === 304 ? null : body, { status, headers }));
    pending.delete(message.id);
  }
}

/** Aborts a request. Python and Oxigraph cannot be interrupted, so the engine restarts if the query does not end soon. */
function abort(id: number, reason: unknown): void {
  const request = pending.get(id);
  if (!request) return;
  request.reject(reason instanceof Error ? reason : new DOMException("", "AbortError"));
  const [first] = pending.keys();
  pending.delete(id);
  const isRunning = first === id && state === "ready";
  if (!isRunning) return;
  const runningWorker = worker;
  let isFinished = false;
  runningWorker?.addEventListener("message", () => {
    isFinished = true;
  });
  setTimeout(() => isFinished || runningWorker !== worker || restart(), GRACE_PERIOD * 1000);
}

function restart(): void {
  worker?.terminate();
  worker = undefined;
  setState("off");
  if (pending.size) void start();
}

function fail(reason: string): void {
  console.error(reason);
  worker?.terminate();
  worker = undefined;
  for (const request of pending.values()) request.reject(new Error());
  pending.clear();
  setState("broken");
}

function setState(next: State): void {
  state = next;
  for (const listener of listeners) listener();
}
