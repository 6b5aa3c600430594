// A parser for N-Triples, for drawing the graph of a CONSTRUCT or DESCRIBE query.
import type { Term } from "../api/sparql";

export type Triple = readonly [Term, Term, Term];

const IRI = "<([^>]*)>";
const BLANK = String.raw`_:(\S+)`;
const LITERAL = String.raw`"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?`;
const LINE = new RegExp(`^\\s*(?:${IRI}|${BLANK})\\s+${IRI}\\s+(?:${IRI}|${BLANK}|${LITERAL})\\s*\\.`);
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs;
const ESCAPED: Readonly<Record<string, string>> = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

/** Parses N-Triples; lines that are no triples are ignored. */
export function parseTriples(text: string): Triple[] {
  return text.split("\n").flatMap((line) => {
    const match = LINE.exec(line);
    if (!match) return [];
    const [, iri, blank, property = "", objectIri, objectBlank, value, tag, datatype] = match;
    return [[node(iri, blank), node(property), value === undefined ? node(objectIri, objectBlank) : literal(value, tag, datatype)]];
  });
}

function node(iri: string | undefined, blank?: string): Term {
  return iri === undefined ? { type: "bnode", value: blank ?? "" } : { type: "uri", value: decodeEscapes(iri) };
}

function literal(value: string, tag: string | undefined, datatype: string | undefined): Term {
  return {
    type: "literal",
    value: decodeEscapes(value),
    ...(tag ? { "xml:lang": tag } : {}),
    ...(datatype ? { datatype: decodeEscapes(datatype) } : {}),
  };
}

function decodeEscapes(text: string): string {
  return text.replace(ESCAPE, (_, four?: string, eight?: string, letter = "") =>
    four || eight ? String.fromCodePoint(Number.parseInt(four ?? eight ?? "", 16)) : (ESCAPED[letter] ?? letter),
  );
}
