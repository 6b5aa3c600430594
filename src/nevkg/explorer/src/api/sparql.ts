// Queries by the SPARQL 1.1 protocol, and the labels of their results.
import { address, fetchJson, type Query, RequestError, send } from "./requests";
import type { Language } from "./types";

const LABELS = [
  "http://www.w3.org/2000/01/rdf-schema#label",
  "http://www.w3.org/2004/02/skos/core#prefLabel",
  "http://purl.org/dc/terms/title",
];
const LABELS_PER_QUERY = 500;
const MAX_BYTES = 64_000_000; // more than a page can show; a download has no limit

export const ROWS = "application/sparql-results+json";

export interface Term {
  readonly type: "uri" | "literal" | "bnode";
  readonly value: string;
  readonly datatype?: string;
  readonly "xml:lang"?: string;
}
export type Binding = Readonly<Record<string, Term | undefined>>;

export interface Results {
  readonly head: { readonly vars?: readonly string[] };
  readonly results?: { readonly bindings: readonly Binding[] };
  readonly boolean?: boolean;
}

/** The data that a query runs on: the facts of a day (by default that of the dataset), or all statements and their history. */
export interface Scope {
  readonly over?: "snapshot" | "record";
  readonly as_of?: string;
}
const RECORD: Scope = { over: "record" };

/** Sends a query; the server cancels it when `stop` aborts the request. */
export function sendQuery(query: string, accept: string, stop?: AbortSignal, scope: Scope = {}): Promise<Response> {
  return send(
    address("sparql", { ...scope }),
    { method: "POST", body: query, headers: { Accept: accept, "Content-Type": "application/sparql-query" } },
    stop,
  );
}

/** Posts a query to an operation of the API. */
export function postQuery<T>(path: string, query: string, params: Query): Promise<T> {
  const headers = { Accept: "application/json", "Content-Type": "application/sparql-query" };
  return fetchJson<T>(address(path, params), { method: "POST", body: query, headers });
}

export class TooLarge extends Error {}

/** Reads the text of a response; throws TooLarge if it is too large to be shown. */
export async function readText(response: Response, maxBytes = MAX_BYTES): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let size = 0;
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.length;
    if (size > maxBytes) {
      await reader?.cancel();
      throw new TooLarge();
    }
    parts.push(decoder.decode(part.value, { stream: true }));
  }
  return parts.join("") + decoder.decode();
}

/** Returns the rows of a SELECT query. */
export async function select(query: string, stop?: AbortSignal, scope?: Scope): Promise<readonly Binding[]> {
  const text = await readText(await sendQuery(query, ROWS, stop, scope));
  try {
    return (JSON.parse(text) as Results).results?.bindings ?? [];
  } catch {
    throw new RequestError(0, ""); // the response is incomplete
  }
}

/** Returns the labels of entities: in the language, otherwise in English, otherwise in any language. */
export async function fetchLabels(iris: Iterable<string>, lang: Language, stop?: AbortSignal): Promise<Map<string, string>> {
  const entities = [...new Set(iris)].filter(isValidIri);
  const result = new Map<string, string>();
  const ranks = new Map<string, number>();
  for (let start = 0; start < entities.length; start += LABELS_PER_QUERY) {
    for (const { thing, label } of await select(labelQuery(entities.slice(start, start + LABELS_PER_QUERY)), stop, RECORD)) {
      if (!thing || !label) continue;
      const rank = [lang, "en"].indexOf(label["xml:lang"] ?? "") + 1 || 3;
      if (rank >= (ranks.get(thing.value) ?? 4)) continue;
      ranks.set(thing.value, rank);
      result.set(thing.value, label.value);
    }
  }
  return result;
}

function labelQuery(iris: readonly string[]): string {
  const values = iris.map((iri) => `<${iri}>`).join(" ");
  return `SELECT ?thing ?label WHERE { VALUES ?thing { ${values} } ?thing ${LABELS.map((property) => `<${property}>`).join("|")} ?label }`;
}

/** Whether SPARQL accepts an IRI between < and >. */
function isValidIri(iri: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: SPARQL forbids these characters
  return !/[\u0000-\u0020<>"{}|^`\\]/.test(iri);
}
