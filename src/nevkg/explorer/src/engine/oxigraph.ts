// The functions of Oxigraph that the Python code calls. Results are passed as text, since a call for each term would be slow.
import { defaultGraph, namedNode, parse, type Quad, Store } from "oxigraph/web.js";

interface Options {
  readonly base_iri?: string;
  readonly use_default_graph_as_union: boolean;
  readonly default_graph?: readonly string[];
  readonly named_graphs?: readonly string[];
}
type Kind = "rows" | "boolean" | "triples";

const GRAPH_QUERY = /^(?:\s|#.*\n|(?:prefix\s+\S*\s*|base\s*)<[^>]*>)*(?:construct|describe)\b/i;

export const functions = {
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

export function load(store: Store, quads: string | Uint8Array): void {
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
