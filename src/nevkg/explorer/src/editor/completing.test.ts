import { describe, expect, it } from "vitest";
import type { Ontology, Term } from "../api/types";
import { knownTerms, likely, matching, missingPrefix, placeOf, prologue, variables } from "./completing";

const prefixes = { nev: "https://w3id.org/nevkg/ontology#" };

function term(name: string, label: string, uses = 0): Term {
  return { iri: `https://w3id.org/nevkg/ontology#${name}`, name: `nev:${name}`, label, definition: null, color: null, uses };
}

describe("placeOf", () => {
  it("finds the word before the cursor", () => {
    expect(placeOf("SELECT * { ?x a nev:Sta")).toEqual({ kind: "word", text: "nev:Sta", from: 16 });
    expect(placeOf("{ ?x a 陈述")).toMatchObject({ kind: "word", text: "陈述" });
  });
  it("tells variables from names", () => {
    expect(placeOf("SELECT ?ab")).toEqual({ kind: "variable", text: "?ab", from: 7 });
    expect(placeOf("SELECT $")).toMatchObject({ kind: "variable", text: "$" });
  });
  it("offers nothing in texts, comments, IRIs and numbers", () => {
    expect(placeOf('FILTER(?x = "say').kind).toBe("none");
    expect(placeOf("# say").kind).toBe("none");
    expect(placeOf("PREFIX a: <http://say").kind).toBe("iri");
    expect(placeOf("LIMIT 100").kind).toBe("none");
  });
  it("goes on after a closed text, a fragment of an IRI, and a comparison", () => {
    expect(placeOf('FILTER(?x = "a \\" b" && say').kind).toBe("word");
    expect(placeOf("PREFIX a: <http://x#> say").kind).toBe("word");
    expect(placeOf("FILTER(?a < say").kind).toBe("word");
  });
});

describe("variables", () => {
  it("are told once each, without the one being written", () => {
    expect(variables("SELECT ?a ?b { ?a ?b ?c . ?x", "?x")).toEqual(["?a", "?b", "?c"]);
  });
});

describe("missingPrefix", () => {
  it("gives the line only where it lacks", () => {
    expect(missingPrefix("SELECT * {}", "nev:Source", prefixes)).toBe("PREFIX nev: <https://w3id.org/nevkg/ontology#>\n");
    expect(missingPrefix("prefix nev: <https://w3id.org/nevkg/ontology#> SELECT * {}", "nev:Source", prefixes)).toBe("");
    expect(missingPrefix("SELECT * {}", "other:Source", prefixes)).toBe("");
  });
  it("stands after the comments at the beginning", () => {
    expect(prologue("# a\n\n# b\nSELECT *")).toBe(9);
    expect(prologue("SELECT * # a")).toBe(0);
  });
});

describe("matching", () => {
  const empty = { schemes: [], concepts: [], prefixes } as unknown as Ontology;
  const own = {
    ...empty,
    classes: [term("Source", "source", 9), term("Outsource", "x", 99)],
    properties: [term("source", "has source", 50)],
  };
  const other = { ...empty, classes: [term("Source", "来源")], properties: [] };
  const known = knownTerms(own, other);
  it("puts what begins with the word first, and the likely kind before the others", () => {
    expect(matching(known, "sou", likely("SELECT * { ?x a "), 9).map((one) => one.term.name)).toEqual([
      "nev:Source",
      "nev:source",
      "nev:Outsource",
    ]);
    expect(matching(known, "sou", likely("SELECT * { ?x "), 9)[0]?.term.name).toBe("nev:source");
  });
  it("finds labels of either language", () => {
    expect(matching(known, "来", likely(""), 9).map((one) => one.labels)).toEqual([["source", "来源"]]);
  });
});
