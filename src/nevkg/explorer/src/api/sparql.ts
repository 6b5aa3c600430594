// Queries by the SPARQL 1.1 protocol, and labels of what they find.
import { address, fetchJson, type Query, RequestError, send } from "./get";
import type { Language } from "./types";

const LABELS = [
  "http://www.w3.org/2000/01/rdf-schema#label",
  "http://www.w3.org/2004/02/skos/core#prefLabel",
  "http://purl.org/dc/terms/title",
];
const AT_ONCE = 500;
const MOST_BYTES = 64_000_000; // beyond it a page no longer holds an answer; a download does

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

/** What a query is asked of: what holds on a day (that of the dataset if none is given), or all statements and all of history. */
export interface Scope {
  readonly over?: "snapshot" | "record";
  readonly as_of?: string;
}
const RECORD: Scope = { over: "record" };

/** Sends a query; the server ends it where `stop` does. */
export function sendQuery(query: string, accept: string, stop?: AbortSignal, scope: Scope = {}): Promise<Response> {
  return send(
    address("sparql", { ...scope }),
    { method: "POST", body: query, headers: { Accept: accept, "Content-Type": "application/sparql-query" } },
    stop,
  );
}

/** What an operation of the API has to say of a query. */
export function postQuery<T>(path: string, query: string, given: Query): Promise<T> {
  const headers = { Accept: "application/json", "Content-Type": "application/sparql-query" };
  return fetchJson<T>(address(path, given), { method: "POST", body: query, headers });
}

export class TooLarge extends Error {}

/** The text of an answer, unless it is too large to be shown. */
export async function readText(response: Response, most = MOST_BYTES): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let size = 0;
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.length;
    if (size > most) {
      await reader?.cancel();
      throw new TooLarge();
    }
    parts.push(decoder.decode(part.value, { stream: true }));
  }
  return parts.join("") + decoder.decode();
}

/** The rows of a SELECT query. */
export async function select(query: string, stop?: AbortSignal, scope?: Scope): Promise<readonly Binding[]> {
  const text = await readText(await sendQuery(query, ROWS, stop, scope));
  try {
    return (JSON.parse(text) as Results).results?.bindings ?? [];
  } catch {
    throw new RequestError(0, ""); // the answer broke off
  }
}

/** Labels of what has one: in the language, else in English, else in any. */
export async function fetchLabels(iris: Iterable<string>, tongue: Language, stop?: AbortSignal): Promise<Map<string, string>> {
  const wanted = [...new Set(iris)].filter(isPlain);
  const found = new Map<string, string>();
  const ranks = new Map<string, number>();
  for (let start = 0; start < wanted.length; start += AT_ONCE) {
    for (const { thing, label } of await select(labelQuery(wanted.slice(start, start + AT_ONCE)), stop, RECORD)) {
      if (!thing || !label) continue;
      const rank = [tongue, "en"].indexOf(label["xml:lang"] ?? "") + 1 || 3;
      if (rank >= (ranks.get(thing.value) ?? 4)) continue;
      ranks.set(thing.value, rank);
      found.set(thing.value, label.value);
    }
  }
  return found;
}

function labelQuery(iris: readonly string[]): string {
  const values = iris.map((iri) => `<${iri}>`).join(" ");
  return `SELECT ?thing ?label WHERE { VALUES ?thing { ${values} } ?thing ${LABELS.map((one) => `<${one}>`).join("|")} ?label }`;
}

/** Whether an IRI can stand between < and >. */
export function isPlain(iri: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what SPARQL forbids there
  return !/[\u0000-\u0020<>"{}|^`\\]/.test(iri);
}
