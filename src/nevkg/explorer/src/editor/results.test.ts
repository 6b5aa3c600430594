import { describe, expect, it } from "vitest";
import { guessRoles } from "../answer/roles";
import type { Term } from "../api/sparql";
import { answerOf, answerOfTriples, entitiesIn, parseTriples, typeOf, withLabels } from "./results";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const prefixes = { ex: "http://example.org/", deep: "http://example.org/deep/" };
const uri = (value: string): Term => ({ type: "uri", value });
const literal = (value: string, type?: string): Term => ({ type: "literal", value, ...(type ? { datatype: XSD + type } : {}) });

function rowsOf(...values: (Term | undefined)[]) {
  return answerOf({ head: { vars: ["x"] }, results: { bindings: values.map((x) => ({ x })) } }, "", prefixes);
}

describe("types", () => {
  it("follow the datatypes; values that do not fit are texts", () => {
    expect(typeOf(literal("12", "integer"))).toBe("integer");
    expect(typeOf(literal("1.5", "decimal"))).toBe("number");
    expect(typeOf(literal("INF", "double"))).toBe("text");
    expect(typeOf(literal("99999999999999999999", "integer"))).toBe("text");
    expect(typeOf(literal("2024", "gYear"))).toBe("date");
    expect(typeOf(literal("2024", undefined))).toBe("text");
  });
  it("of columns fit all their values", () => {
    expect(rowsOf(literal("1", "integer"), literal("1.5", "decimal")).columns[0]?.type).toBe("number");
    expect(rowsOf(literal("1", "integer"), literal("a")).columns[0]?.type).toBe("text");
    expect(rowsOf(undefined).columns[0]?.type).toBeNull();
  });
});

describe("answerOf", () => {
  it("names entities by the longest namespace, or by IRI if none fits", () => {
    expect(
      rowsOf(uri("http://example.org/deep/a"), uri("http://other.org/"), uri("http://example.org/a/b")).rows.map((row) => row.x),
    ).toEqual([
      { iri: "http://example.org/deep/a", label: "deep:a" },
      { iri: "http://other.org/", label: "http://other.org/" },
      { iri: "http://example.org/a/b", label: "http://example.org/a/b" },
    ]);
  });
  it("converts unbound values, blank nodes and booleans", () => {
    expect(rowsOf(undefined, { type: "bnode", value: "b0" }, literal("true", "boolean")).rows.map((row) => row.x)).toEqual([
      null,
      "_:b0",
      true,
    ]);
  });
  it("uses statements in a row as its evidence", () => {
    const answer = rowsOf(uri("https://w3id.org/nevkg/statement/abc"), uri("http://example.org/a"));
    expect(answer.evidence).toEqual([{ x: ["https://w3id.org/nevkg/statement/abc"] }, {}]);
  });
  it("accepts a result without variables or rows", () => {
    expect(answerOf({ head: {} }, "", prefixes)).toMatchObject({ columns: [], rows: [] });
  });
});

describe("labels", () => {
  it("replace names if they are known", () => {
    const answer = rowsOf(uri("http://example.org/a"), uri("http://example.org/b"));
    expect(entitiesIn(answer.rows, 1)).toEqual(["http://example.org/a"]);
    const labelled = withLabels(answer, new Map([["http://example.org/b", "B"]]));
    expect(labelled.rows.map((row) => (row.x as { label: string }).label)).toEqual(["ex:a", "B"]);
  });
});

describe("triples", () => {
  const text = [
    "<http://example.org/a> <http://example.org/p> <http://example.org/b> .",
    '_:n1 <http://example.org/p> "say \\"\\u4E2D\\"\\n> . \\\\n"@en .',
    `<http://example.org/a> <http://example.org/p> "3"^^<${XSD}integer> .`,
    "# a comment",
    "",
  ].join("\n");
  it("are parsed line by line", () => {
    expect(parseTriples(text).map(([, , object]) => object)).toEqual([
      { type: "uri", value: "http://example.org/b" },
      { type: "literal", value: 'say "中"\n> . \\n', "xml:lang": "en" },
      { type: "literal", value: "3", datatype: `${XSD}integer` },
    ]);
    expect(parseTriples(text)[1]?.[0]).toEqual({ type: "bnode", value: "n1" });
  });
  it("become rows with the columns of a graph", () => {
    const answer = answerOfTriples(parseTriples(text), ["s", "p", "o"], "", prefixes);
    expect(answer.rows).toHaveLength(3);
    expect(guessRoles(answer.columns, answer.rows).label).toBe("p");
  });
});
