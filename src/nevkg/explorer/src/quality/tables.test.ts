import { describe, expect, it } from "vitest";
import { guessRoles } from "../answer/roles";
import type { Check, QualityTable, Severity, Topic } from "../api/types";
import { aboutEvidence, answerOf, bySeverity, ordered, sections } from "./tables";

const thing = { iri: "x:a", label: "A" };

function table(name: string, section: string, rows: QualityTable["rows"] = []): QualityTable {
  return { name, section, title: name, note: null, columns: ["what", "how many"], rows };
}

function check(name: string, severity: Severity, found: number): Check {
  return { name, severity, title: name, fix: "", found };
}

describe("sections", () => {
  it("hold their tables in the order told", () => {
    const told = sections([table("a", "S"), table("b", "S"), table("c", "T")]);
    expect(told.map(({ section, tables }) => [section, tables.map((one) => one.name)])).toEqual([
      ["S", ["a", "b"]],
      ["T", ["c"]],
    ]);
  });
});

describe("answerOf", () => {
  it("finds the types of columns, whatever word stands for the unknown", () => {
    const answer = answerOf(
      table("a", "S", [
        [thing, 2],
        ["not known", 1],
      ]),
    );
    expect(answer.columns.map((one) => [one.label, one.type])).toEqual([
      ["what", "thing"],
      ["how many", "integer"],
    ]);
    expect(guessRoles(answer.columns, answer.rows)).toMatchObject({ x: "column1", y: "column2" });
  });
  it("survives rows that are short, and none", () => {
    expect(answerOf(table("a", "S", [["x"]])).rows).toEqual([{ column1: "x", column2: null }]);
    expect(answerOf(table("a", "S")).columns[0]?.type).toBe("text");
  });
});

describe("checks", () => {
  const checks = [check("a", "info", 9), check("b", "warning", 0), check("c", "violation", 1), check("d", "info", 12)];
  it("are counted by severity", () => {
    expect(bySeverity(checks).map(({ severity, found }) => [severity, found])).toEqual([
      ["violation", 1],
      ["warning", 0],
      ["info", 21],
    ]);
  });
  it("come with the gravest first, and those that find nothing last", () => {
    expect(ordered(checks).map((one) => one.name)).toEqual(["c", "d", "a", "b"]);
  });
});

describe("aboutEvidence", () => {
  it("goes by topic and tag", () => {
    const question = (name: string, tags: string[]) => ({ name, tags });
    const topics = [
      { topic: "sources", questions: [question("a", [])] },
      { topic: "other", questions: [question("b", ["evidence"]), question("c", [])] },
    ] as unknown as Topic[];
    expect(aboutEvidence(topics).map((one) => one.name)).toEqual(["a", "b"]);
  });
});
