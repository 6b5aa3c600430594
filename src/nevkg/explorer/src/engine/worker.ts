// The engine of a site without a server: Oxigraph holds the data, and the Python code of nevkg answers with it.
import start, { Store } from "oxigraph/web.js";
import type { PyodideAPI } from "pyodide";
import type { Contents, Question, Reply } from "./messages";
import { functions, load } from "./oxigraph";

type Answer = (server: unknown, request: string) => Promise<{ toJs(): [number, string, Uint8Array<ArrayBuffer>]; destroy(): void }>;

const send = (reply: Reply, transferred: Transferable[] = []) => postMessage(reply, { transfer: transferred });
/** Addresses of files are relative to the site, in whose folder "engine" this is. */
const fileOf = (name: string) => new URL(`../${name}`, self.location.href);
let answer: Answer;
let server: unknown;
let begin: (contents: Contents) => void;
/** Requests wait for the data, and then for each other: a page may send some before it knows where the data is. */
let queue: Promise<void> = new Promise<Contents>((resolve) => {
  begin = resolve;
})
  .then(open)
  .then(
    () => send({ kind: "ready" }),
    (error: unknown) => send({ kind: "broken", reason: lastLines(error) }),
  );

addEventListener("message", ({ data }: MessageEvent<Contents | Question>) => {
  if ("python" in data) begin(data);
  else queue = queue.then(() => reply(data));
});

async function reply({ id, ...request }: Question): Promise<void> {
  try {
    const found = await answer(server, JSON.stringify(request));
    const [status, headers, body] = found.toJs();
    found.destroy();
    send({ kind: "answer", id, status, headers: JSON.parse(headers), body }, [body.buffer]);
  } catch (error) {
    const detail = JSON.stringify({ title: "Internal error", detail: lastLines(error, 1) });
    const body = new TextEncoder().encode(detail);
    send({ kind: "answer", id, status: 500, headers: { "content-type": "application/problem+json" }, body });
  }
}

/** The end of an error of Python says what is wrong, and the lines before it where. */
function lastLines(error: unknown, count = 9): string {
  return String(error).trim().split("\n").slice(-count).join("\n");
}

async function open({ python, record, snapshot, facts }: Contents): Promise<void> {
  const [runtime, code, [recorded, held]] = await Promise.all([openPython(), contentOf(python), openStores(record, snapshot)]);
  runtime.registerJsModule("oxigraph", functions);
  const [folder] = runtime.runPython("import site; site.getsitepackages()").toJs() as [string];
  runtime.unpackArchive(code, "zip", { extractDir: folder });
  runtime.runPython("import os; os.environ |= {'NEVKG_CACHE': '/cache', 'RAPIDFUZZ_IMPLEMENTATION': 'python'}");
  const engine = runtime.pyimport("nevkg_engine");
  server = engine.open_server(recorded, held, JSON.stringify(facts));
  answer = engine.answer;
}

async function openPython(): Promise<PyodideAPI> {
  const { loadPyodide } = (await import(/* @vite-ignore */ new URL("pyodide.mjs", self.location.href).href)) as typeof import("pyodide");
  return loadPyodide({ indexURL: new URL(".", self.location.href).href });
}

/**
 * Two stores: over all graphs of the record a query must not find the triples of a snapshot.
 * Most readers ask about the day of the dataset, so the store of the record is made when it is first asked.
 */
async function openStores(record: string, snapshot: string): Promise<[() => Store, Store]> {
  const contents = Promise.all([unpackedOf(record), unpackedOf(snapshot)]);
  await start();
  const [recorded, held] = await contents;
  return [() => storeOf(recorded), storeOf(recorded, held)];
}

function storeOf(...contents: readonly Uint8Array[]): Store {
  const store = new Store();
  for (const content of contents) load(store, content);
  return store;
}

async function contentOf(name: string): Promise<ArrayBuffer> {
  return (await fetchFile(name)).arrayBuffer();
}

async function unpackedOf(name: string): Promise<Uint8Array> {
  const stream = (await fetchFile(name)).body as ReadableStream<Uint8Array<ArrayBuffer>>;
  return new Uint8Array(await new Response(stream.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

async function fetchFile(name: string): Promise<Response> {
  const response = await fetch(fileOf(name));
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return response;
}
