// The functions of Oxigraph that the Python code calls. Terms cross as text: one call for each result, not one for each term.
import { defaultGraph, namedNode, parse, type Quad, Store } from "oxigraph/web.js";

interface Options {
  readonly base_iri?: string;
  readonly use_default_graph_as_union: boolean;
  readonly default_graph?: readonly string[];
  readonly named_graphs?: readonly string[];
}
type Kind = "rows" | "boolean" | "triples";

const WRITES_TRIPLES = /^(?:\s|#.*\n|(?:prefix\s+\S*\s*|base\s*)<[^>]*>)*(?:construct|describe)\b/i;

export const functions = {
  create: () => new Store(),
  record: Object.fromEntries,
  query(store: Store, text: string, options: Options): [Kind, string] {
    const asTriples = WRITES_TRIPLES.test(text);
    const found = run(store, text, options, asTriples ? "nt" : "json");
    if (asTriples) return ["triples", termsOf(found, "nt")];
    return [/^\s*\{\s*"head"\s*:\s*\{[^}]*\}\s*,\s*"boolean"/.test(found) ? "boolean" : "rows", found];
  },
  write: run,
  load,
  copy: (store: Store, other: Store) => load(store, other.dump({ format: "nq" })),
  update: (store: Store, text: string) => store.update(text),
  convert(quads: string, format: string): string {
    const store = new Store();
    store.load(quads, { format: "nq", lenient: true });
    const isOfTriples = format !== "trig" && format !== "nq";
    return store.dump(isOfTriples ? { format, from_graph_name: defaultGraph() } : { format });
  },
  parse: termsOf,
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

/** The terms of each triple or quad, as JSON. */
function termsOf(text: string | Uint8Array, format: string): string {
  return JSON.stringify((parse(text, { format, lenient: true }) as Quad[]).map(partsOf));
}

type Term = Quad["subject"] | Quad["predicate"] | Quad["object"] | Quad["graph"];

function partsOf(quad: Quad) {
  return [quad.subject, quad.predicate, quad.object, quad.graph].map(plainTerm);
}

/** A term as in SPARQL results in JSON. */
function plainTerm(term: Term): unknown {
  switch (term.termType) {
    case "NamedNode":
      return { type: "uri", value: term.value };
    case "BlankNode":
      return { type: "bnode", value: term.value };
    case "Literal":
      return { type: "literal", value: term.value, ...(term.language ? { "xml:lang": term.language } : { datatype: term.datatype.value }) };
    case "Quad": {
      const [subject, predicate, object] = partsOf(term as Quad);
      return { type: "triple", value: { subject, predicate, object } };
    }
    default:
      return { type: "default", value: "" };
  }
}
