// The page's side of the engine: it starts when it is first needed, and answers one request after another.
import { RequestError } from "../api/get";
import type { Contents, Question, Reply } from "./messages";

export type State = "off" | "starting" | "ready" | "broken";

/** Seconds that a query may go on after nobody waits for it any more. */
const GRACE = 5;
interface Waiting {
  readonly question: Question;
  readonly resolve: (response: Response) => void;
  readonly reject: (error: Error) => void;
}

let worker: Worker | undefined;
let state: State = "off";
let last = 0;
const waiting = new Map<number, Waiting>();
const listeners = new Set<() => void>();

export const currentState = () => state;

/** Whether somebody waits for an answer. */
export const isAsked = () => waiting.size > 0;

/** Calls a function whenever the state changes; returns what ends that. */
export function watch(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** Starts the engine, unless it is running. */
export async function start(): Promise<void> {
  if (worker) return;
  worker = new Worker(new URL("engine/worker.js", document.baseURI), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => receive(data));
  worker.addEventListener("error", (event) => stop(event.message));
  for (const { question } of waiting.values()) worker.postMessage(question); // they wait there for the data
  become("starting");
  const started = worker;
  try {
    started.postMessage((await (await fetch("engine/contents.json")).json()) as Contents);
  } catch (error) {
    stop(String(error));
  }
}

/** Asks the engine as one asks a server. */
export function ask(url: string, init: RequestInit): Promise<Response> {
  const id = ++last;
  const headers = Object.fromEntries(new Headers(init.headers));
  const address = new URL(url, document.baseURI).href.slice(new URL(".", document.baseURI).href.length - 1);
  const question: Question = { id, address, method: init.method ?? "GET", headers, body: String(init.body ?? "") };
  return new Promise((resolve, reject) => {
    waiting.set(id, { question, resolve, reject });
    become(state);
    if (worker) worker.postMessage(question);
    else void start();
    init.signal?.addEventListener("abort", () => abandon(id, init.signal?.reason));
  });
}

function receive(reply: Reply): void {
  if (reply.kind === "ready") become("ready");
  else if (reply.kind === "broken") stop(reply.reason);
  else {
    const { status, headers, body } = reply;
    waiting.get(reply.id)?.resolve(new Response(status === 204 || status === 304 ? null : body, { status, headers }));
    waiting.delete(reply.id);
  }
}

/** Python and Oxigraph cannot be interrupted, so a query that goes on is ended with the engine, which starts again for the others. */
function abandon(id: number, reason: unknown): void {
  const one = waiting.get(id);
  if (!one) return;
  one.reject(reason instanceof Error ? reason : new DOMException("", "AbortError"));
  const [first] = waiting.keys();
  waiting.delete(id);
  const isRunning = first === id && state === "ready";
  const running = worker;
  if (!isRunning) return;
  let isOver = false;
  running?.addEventListener("message", () => {
    isOver = true;
  });
  setTimeout(() => isOver || running !== worker || restart(), GRACE * 1000);
}

function restart(): void {
  worker?.terminate();
  worker = undefined;
  become("off");
  if (waiting.size) void start();
}

function stop(reason: string): void {
  console.error(reason);
  worker?.terminate();
  worker = undefined;
  for (const one of waiting.values()) one.reject(new RequestError(0, ""));
  waiting.clear();
  become("broken");
}

function become(next: State): void {
  state = next;
  for (const changed of listeners) changed();
}
