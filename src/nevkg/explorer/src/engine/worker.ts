// The engine of a static site: the Python code of nevkg answers requests from data in Oxigraph.
import start, { defaultGraph, namedNode, parse, type Quad, Store } from "oxigraph/web.js";
import type { PyodideAPI } from "pyodide";
import type { CitableRelease, Contents, EngineMessage, EngineRequest } from "./client";

interface Options {
  readonly base_iri?: string;
  readonly use_default_graph_as_union: boolean;
  readonly default_graph?: readonly string[];
  readonly named_graphs?: readonly string[];
}
type Kind = "rows" | "boolean" | "triples";

const GRAPH_QUERY = /^(?:\s|#.*\n|(?:prefix\s+\S*\s*|base\s*)<[^>]*>)*(?:construct|describe)\b/i;

const functions = {
  create: () => new Store(),
  record: Object.fromEntries,
  query(store: Store, text: string, options: Options): [Kind, string] {
    const isGraph = GRAPH_QUERY.test(text);
    const result = run(store, text, options, isGraph ? "nt" : "json");
    if (isGraph) return ["triples", parseTerms(result, "nt")];
    return [/^\s*\{\s*"head"\s*:\s*\{[^}]*\}\s*,\s*"boolean"/.test(result) ? "boolean" : "rows", result];
  },
  write: run,
  load,
  copy: (store: Store, other: Store) => load(store, other.dump({ format: "nq" })),
  update: (store: Store, text: string) => store.update(text),
  convert(quads: string, format: string): string {
    const store = new Store();
    store.load(quads, { format: "nq", lenient: true });
    const hasDefaultGraphOnly = format !== "trig" && format !== "nq";
    return store.dump(hasDefaultGraphOnly ? { format, from_graph_name: defaultGraph() } : { format });
  },
  parse: parseTerms,
};

function load(store: Store, quads: string | Uint8Array): void {
  store.load(quads, { format: "nq", lenient: true, no_transaction: true });
}

function run(store: Store, text: string, options: Options, format: string): string {
  return store.query(text, {
    ...(options.base_iri && { base_iri: options.base_iri }),
    use_default_graph_as_union: options.use_default_graph_as_union,
    ...(options.default_graph && { default_graph: options.default_graph.map((name) => namedNode(name)) }),
    ...(options.named_graphs && { named_graphs: options.named_graphs.map((name) => namedNode(name)) }),
    results_format: format,
  }) as string;
}

/** Returns the terms of each triple or quad as JSON. */
function parseTerms(text: string | Uint8Array, format: string): string {
  return JSON.stringify((parse(text, { format, lenient: true }) as Quad[]).map(termsOf));
}

type Term = Quad["subject"] | Quad["predicate"] | Quad["object"] | Quad["graph"];

function termsOf(quad: Quad) {
  return [quad.subject, quad.predicate, quad.object, quad.graph].map(toJson);
}

/** Returns a term in the form of the SPARQL 1.1 JSON results format. */
function toJson(term: Term): unknown {
  switch (term.termType) {
    case "NamedNode":
      return { type: "uri", value: term.value };
    case "BlankNode":
      return { type: "bnode", value: term.value };
    case "Literal":
      return { type: "literal", value: term.value, ...(term.language ? { "xml:lang": term.language } : { datatype: term.datatype.value }) };
    case "Quad": {
      const [subject, predicate, object] = termsOf(term as Quad);
      return { type: "triple", value: { subject, predicate, object } };
    }
    default:
      return { type: "default", value: "" };
  }
}

interface Engine {
  open_server(record: () => Store, openDay: (day: string) => Store, facts: string): unknown;
  add_release(name: string, content: ArrayBuffer): void;
  answer(server: unknown, request: string): Promise<{ toJs(): [number, string, Uint8Array<ArrayBuffer>]; destroy(): void }>;
}

const send = (reply: EngineMessage, transferred: Transferable[] = []) => postMessage(reply, { transfer: transferred });
/** Returns the address of a file; this script is in the folder "engine" of the site. */
const fileUrl = (name: string) => new URL(`../${name}`, self.location.href);
let engine: Engine;
let server: unknown;
let releases: readonly CitableRelease[]; // those that have not been fetched
let receiveContents: (contents: Contents) => void;
/** Requests wait for the data and for earlier requests. A page may send some before it has sent the contents. */
let queue: Promise<void> = new Promise<Contents>((resolve) => {
  receiveContents = resolve;
})
  .then(open)
  .then(
    () => send({ kind: "ready" }),
    (error: unknown) => send({ kind: "broken", reason: lastLines(error) }),
  );

addEventListener("message", ({ data }: MessageEvent<Contents | EngineRequest>) => {
  if ("python" in data) receiveContents(data);
  else queue = queue.then(() => reply(data));
});

async function reply({ id, ...request }: EngineRequest): Promise<void> {
  try {
    await fetchReleases(request.address);
    const response = await engine.answer(server, JSON.stringify(request));
    const [status, headers, body] = response.toJs();
    response.destroy();
    send({ kind: "answer", id, status, headers: JSON.parse(headers), body }, [body.buffer]);
  } catch (error) {
    const detail = JSON.stringify({ title: "Internal error", detail: lastLines(error, 1) });
    const body = new TextEncoder().encode(detail);
    send({ kind: "answer", id, status: 500, headers: { "content-type": "application/problem+json" }, body });
  }
}

/** Fetches the releases that a request needs, which is so if it is for a citation of their edition. */
async function fetchReleases(address: string): Promise<void> {
  const [, edition] = /^\/cite\/([^/?]+)/.exec(address) ?? [];
  if (edition === undefined) return;
  const isCited = (release: CitableRelease) => release.edition === decodeURIComponent(edition);
  for (const { file } of releases.filter(isCited)) engine.add_release(file.replace(/.*\//, ""), await fetchContent(file));
  releases = releases.filter((release) => !isCited(release));
}

/** Returns the last lines of an error. In a Python traceback the last line is the message. */
function lastLines(error: unknown, count = 9): string {
  return String(error).trim().split("\n").slice(-count).join("\n");
}

async function open(contents: Contents): Promise<void> {
  const { python, record, snapshot, days, facts } = contents;
  const [runtime, code, [openRecord, openDay]] = await Promise.all([
    openPython(),
    fetchContent(python),
    openStores(record, snapshot, days),
  ]);
  runtime.registerJsModule("oxigraph", functions);
  const [folder] = runtime.runPython("import site; site.getsitepackages()").toJs() as [string];
  runtime.unpackArchive(code, "zip", { extractDir: folder });
  runtime.runPython("import os; os.environ |= {'NEVKG_CACHE': '/cache', 'RAPIDFUZZ_IMPLEMENTATION': 'python'}");
  engine = runtime.pyimport("nevkg_engine");
  server = engine.open_server(openRecord, openDay, JSON.stringify(facts));
  releases = contents.releases;
}

async function openPython(): Promise<PyodideAPI> {
  const { loadPyodide } = (await import(/* @vite-ignore */ new URL("pyodide.mjs", self.location.href).href)) as typeof import("pyodide");
  return loadPyodide({ indexURL: new URL(".", self.location.href).href });
}

/**
 * Opens two stores, since a query over all graphs of the record must not find the triples of a snapshot.
 * Most queries are about the day of the dataset, so the store of the record is created at the first query that needs it.
 */
async function openStores(record: string, snapshot: string, days: string): Promise<[() => Store, (day: string) => Store]> {
  const contents = Promise.all([fetchUnpacked(record), fetchUnpacked(snapshot), fetchUnpacked(days)]);
  await start();
  const [recordQuads, snapshotQuads, changes] = await contents;
  const preparedDays: Readonly<Record<string, Changes>> = JSON.parse(new TextDecoder().decode(changes));
  return [() => createStore(recordQuads), dayOpener(createStore(recordQuads, snapshotQuads), preparedDays)];
}

/** How the snapshot of a day differs from that of the dataset: the quads that it has not, and those that it has besides. */
interface Changes {
  readonly without: string;
  readonly with: string;
}

/**
 * Returns a function that makes the default graph of the store the snapshot of a day.
 * They share a store, since another one takes seconds and half a gigabyte, and few quads differ.
 */
function dayOpener(store: Store, days: Readonly<Record<string, Changes>>): (day: string) => Store {
  let current: Changes | undefined;
  return (day) => {
    const next = days[day];
    if (next !== current) {
      if (current) replaceQuads(store, current.with, current.without);
      if (next) replaceQuads(store, next.without, next.with);
      current = next;
    }
    return store;
  };
}

function replaceQuads(store: Store, old: string, replacement: string): void {
  for (const quad of parse(old, { format: "nq", lenient: true }) as Quad[]) store.delete(quad);
  load(store, replacement);
}

function createStore(...contents: readonly Uint8Array[]): Store {
  const store = new Store();
  for (const content of contents) load(store, content);
  return store;
}

async function fetchContent(name: string): Promise<ArrayBuffer> {
  return (await fetchFile(name)).arrayBuffer();
}

async function fetchUnpacked(name: string): Promise<Uint8Array> {
  const stream = (await fetchFile(name)).body as ReadableStream<Uint8Array<ArrayBuffer>>;
  return new Uint8Array(await new Response(stream.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

async function fetchFile(name: string): Promise<Response> {
  const response = await fetch(fileUrl(name));
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return response;
}
