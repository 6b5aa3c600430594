import { describe, expect, it } from "vitest";
import type { Statement } from "../api/types";
import { beside, byProperty, matches, periodOf, subjectOf } from "./order";

const statement = (iri: string, more: Partial<Statement>): Statement => ({
  iri,
  role: "behind",
  kind: "",
  subject: "s",
  property: "p",
  value: "1",
  when: "",
  qualifiers: [],
  source: "",
  retracted: false,
  text: "",
  facts: [],
  passages: [],
  standing: null,
  witnesses: 0,
  ...more,
});

describe("what stands beside", () => {
  it("agrees where it says the same of the same", () => {
    const same = statement("b", { role: "beside" });
    const other = statement("c", { role: "beside", value: "2" });
    expect(beside([statement("a", {}), same, other])).toEqual({ agree: [same], differ: [other] });
  });
});

describe("by property", () => {
  it("has the latest first, and each value once", () => {
    const old = statement("a", { property: "q", when: "2020", value: "x" });
    const late = statement("b", { property: "q", when: "2024", value: "y" });
    const again = statement("c", { property: "q", when: "2021", value: "x" });
    const found = byProperty([old, statement("d", {}), late, again]);
    expect([...found.keys()]).toEqual(["p", "q"]);
    expect([...(found.get("q") ?? [])]).toEqual([
      ["y", [late]],
      ["x", [again, old]],
    ]);
  });
});

describe("values", () => {
  const standing = (iri: string) => ({ iri, label: iri, dashes: [] });
  it("come with the best standing first, then with most independent sources", () => {
    const weak = statement("a", { value: "weak", when: "2025", standing: standing("s:weak"), witnesses: 9 });
    const few = statement("b", { value: "few", standing: standing("s:good"), witnesses: 2 });
    const many = statement("c", { value: "many", standing: standing("s:good"), witnesses: 3 });
    const none = statement("d", { value: "none", when: "2026" });
    const found = byProperty([none, weak, few, many], [standing("s:good"), standing("s:weak")]);
    expect([...(found.get("p") ?? []).keys()]).toEqual(["many", "few", "weak", "none"]);
  });
  it("have the period from the first to the last statement", () => {
    expect(periodOf([statement("a", { when: "2024-02" }), statement("b", {}), statement("c", { when: "2023" })])).toBe("2023 – 2024-02");
    expect(periodOf([statement("a", { when: "2024" }), statement("b", { when: "2024" })])).toBe("2024");
  });
});

describe("a statement", () => {
  it("is found by all words of what one sees of it", () => {
    const one = statement("a", { value: "5 workshops", qualifiers: ["actual"] });
    expect(matches(one, ["workshops", "actual"], "")).toBe(true);
    expect(matches(one, ["herald"], "The Herald")).toBe(true);
    expect(matches(one, ["workshops", "planned"], "")).toBe(false);
  });
  it("knows what it is about", () => {
    const about = { iri: "x:1", label: "One" };
    const property = { iri: "https://w3id.org/nevkg/ontology#subject", label: "subject" };
    expect(subjectOf(statement("a", { facts: [{ property, values: [about] }] }))).toEqual(about);
    expect(subjectOf(statement("a", {}))).toBeUndefined();
  });
});
