import { describe, expect, it } from "vitest";
import type { Statement } from "../api/types";
import { matcherOf } from "../ui/text";
import { groupByProperty, periodOf, searchText, splitByAgreement, subjectOf } from "./statements";

const statement = (iri: string, more: Partial<Statement>): Statement => ({
  iri,
  name: iri,
  role: "behind",
  exact: false,
  kind: "",
  subject: "s",
  property: "p",
  value: "1",
  when: "",
  qualifiers: [],
  source: "",
  retracted: false,
  text: "",
  link: "",
  facts: [],
  passages: [],
  report: "",
  standing: null,
  witnesses: 0,
  ...more,
});

describe("splitByAgreement", () => {
  it("compares subject, property and value", () => {
    const same = statement("b", { role: "beside" });
    const other = statement("c", { role: "beside", value: "2" });
    const stage = statement("d", { role: "stage", value: "3" });
    expect(splitByAgreement([statement("a", {}), same, other, stage])).toEqual({ agree: [same], stages: [stage], differ: [other] });
  });
});

describe("groupByProperty", () => {
  it("sorts by date, the latest first, and lists each value once", () => {
    const old = statement("a", { property: "q", when: "2020", value: "x" });
    const late = statement("b", { property: "q", when: "2024", value: "y" });
    const again = statement("c", { property: "q", when: "2021", value: "x" });
    const groups = groupByProperty([old, statement("d", {}), late, again]);
    expect([...groups.keys()]).toEqual(["p", "q"]);
    expect([...(groups.get("q") ?? [])]).toEqual([
      ["y", [late]],
      ["x", [again, old]],
    ]);
  });
});

describe("values", () => {
  const standing = (iri: string) => ({ iri, label: iri, dashes: [], isUpheld: true });
  it("are sorted by standing, then by number of independent sources", () => {
    const weak = statement("a", { value: "weak", when: "2025", standing: standing("s:weak"), witnesses: 9 });
    const few = statement("b", { value: "few", standing: standing("s:good"), witnesses: 2 });
    const many = statement("c", { value: "many", standing: standing("s:good"), witnesses: 3 });
    const none = statement("d", { value: "none", when: "2026" });
    const groups = groupByProperty([none, weak, few, many], [standing("s:good"), standing("s:weak")]);
    expect([...(groups.get("p") ?? []).keys()]).toEqual(["many", "few", "weak", "none"]);
  });
  it("have the period from the earliest to the latest statement", () => {
    expect(periodOf([statement("a", { when: "2024-02" }), statement("b", {}), statement("c", { when: "2023" })])).toBe("2023 – 2024-02");
    expect(periodOf([statement("a", { when: "2024" }), statement("b", { when: "2024" })])).toBe("2024");
  });
});

describe("a statement", () => {
  it("is found by all words of its visible text", () => {
    const workshops = statement("a", { value: "5 workshops", qualifiers: ["actual"] });
    const matches = (search: string, title = "") => matcherOf(search)(searchText(workshops, { title }));
    expect(matches("Workshops actual")).toBe(true);
    expect(matches("herald", "The Herald")).toBe(true);
    expect(matches("workshops planned")).toBe(false);
  });
  it("has a subject", () => {
    const about = { iri: "x:1", label: "Entity" };
    const property = { iri: "https://w3id.org/nevkg/ontology#subject", label: "subject" };
    expect(subjectOf(statement("a", { facts: [{ property, values: [about] }] }))).toEqual(about);
    expect(subjectOf(statement("a", {}))).toBeUndefined();
  });
});
