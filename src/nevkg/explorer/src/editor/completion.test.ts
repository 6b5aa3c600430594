import { describe, expect, it } from "vitest";
import type { Ontology, Term } from "../api/types";
import { candidatesOf, likelyKinds, matchTerms, missingPrefix, prologueStart, variables, wordAt } from "./completion";

const prefixes = { nev: "https://w3id.org/nevkg/ontology#" };

function term(name: string, label: string, uses = 0): Term {
  return { iri: `https://w3id.org/nevkg/ontology#${name}`, name: `nev:${name}`, label, definition: null, color: null, uses };
}

describe("wordAt", () => {
  it("finds the word before the cursor", () => {
    expect(wordAt("SELECT * { ?x a nev:Sta")).toEqual({ kind: "word", text: "nev:Sta", from: 16 });
    expect(wordAt("{ ?x a 陈述")).toMatchObject({ kind: "word", text: "陈述" });
  });
  it("distinguishes variables and names", () => {
    expect(wordAt("SELECT ?ab")).toEqual({ kind: "variable", text: "?ab", from: 7 });
    expect(wordAt("SELECT $")).toMatchObject({ kind: "variable", text: "$" });
  });
  it("finds nothing in strings, comments, IRIs and numbers", () => {
    expect(wordAt('FILTER(?x = "say').kind).toBe("none");
    expect(wordAt("# say").kind).toBe("none");
    expect(wordAt("PREFIX a: <http://say").kind).toBe("iri");
    expect(wordAt("LIMIT 100").kind).toBe("none");
  });
  it("continues after a closed string, an IRI with a fragment, and a comparison", () => {
    expect(wordAt('FILTER(?x = "a \\" b" && say').kind).toBe("word");
    expect(wordAt("PREFIX a: <http://x#> say").kind).toBe("word");
    expect(wordAt("FILTER(?a < say").kind).toBe("word");
  });
});

describe("variables", () => {
  it("are listed once each, without the one being typed", () => {
    expect(variables("SELECT ?a ?b { ?a ?b ?c . ?x", "?x")).toEqual(["?a", "?b", "?c"]);
  });
});

describe("missingPrefix", () => {
  it("returns the line only if the query lacks it", () => {
    expect(missingPrefix("SELECT * {}", "nev:Source", prefixes)).toBe("PREFIX nev: <https://w3id.org/nevkg/ontology#>\n");
    expect(missingPrefix("prefix nev: <https://w3id.org/nevkg/ontology#> SELECT * {}", "nev:Source", prefixes)).toBe("");
    expect(missingPrefix("SELECT * {}", "other:Source", prefixes)).toBe("");
  });
  it("goes after the comments at the beginning", () => {
    expect(prologueStart("# a\n\n# b\nSELECT *")).toBe(9);
    expect(prologueStart("SELECT * # a")).toBe(0);
  });
});

describe("matchTerms", () => {
  const empty = { schemes: [], concepts: [], prefixes } as unknown as Ontology;
  const own = {
    ...empty,
    classes: [term("Source", "source", 9), term("Outsource", "x", 99)],
    properties: [term("source", "has source", 50)],
  };
  const other = { ...empty, classes: [term("Source", "来源")], properties: [] };
  const candidates = candidatesOf(own, other);
  it("sorts terms that begin with the word first, then by likely kind", () => {
    expect(matchTerms(candidates, "sou", likelyKinds("SELECT * { ?x a "), 9).map(({ term }) => term.name)).toEqual([
      "nev:Source",
      "nev:source",
      "nev:Outsource",
    ]);
    expect(matchTerms(candidates, "sou", likelyKinds("SELECT * { ?x "), 9)[0]?.term.name).toBe("nev:source");
  });
  it("finds labels in either language", () => {
    expect(matchTerms(candidates, "来", likelyKinds(""), 9).map(({ labels }) => labels)).toEqual([["source", "来源"]]);
  });
});
