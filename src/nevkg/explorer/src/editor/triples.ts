// N-Triples, line by line: a graph that a query makes, to be drawn.
import type { Term } from "../api/sparql";

export type Triple = readonly [Term, Term, Term];

const IRI = "<([^>]*)>";
const BLANK = String.raw`_:(\S+)`;
const LITERAL = String.raw`"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?`;
const LINE = new RegExp(`^\\s*(?:${IRI}|${BLANK})\\s+${IRI}\\s+(?:${IRI}|${BLANK}|${LITERAL})\\s*\\.`);
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs;
const LETTERS: Readonly<Record<string, string>> = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

export function parseTriples(text: string): Triple[] {
  return text.split("\n").flatMap((line) => {
    const found = LINE.exec(line);
    if (!found) return [];
    const [, iri, blank, property = "", objectIri, objectBlank, value, tag, datatype] = found;
    return [[named(iri, blank), named(property), value === undefined ? named(objectIri, objectBlank) : literal(value, tag, datatype)]];
  });
}

function named(iri: string | undefined, blank?: string): Term {
  return iri === undefined ? { type: "bnode", value: blank ?? "" } : { type: "uri", value: plain(iri) };
}

function literal(value: string, tag: string | undefined, datatype: string | undefined): Term {
  return { type: "literal", value: plain(value), ...(tag ? { "xml:lang": tag } : {}), ...(datatype ? { datatype: plain(datatype) } : {}) };
}

function plain(text: string): string {
  return text.replace(ESCAPE, (_, four?: string, eight?: string, letter = "") =>
    four || eight ? String.fromCodePoint(Number.parseInt(four ?? eight ?? "", 16)) : (LETTERS[letter] ?? letter),
  );
}
