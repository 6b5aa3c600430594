import { describe, expect, it } from "vitest";
import { guessRoles } from "../answer/roles";
import type { Check, CheckSeverity, QualityTable, Topic } from "../api/types";
import { answerOf, countBySeverity, evidenceQuestions, sortChecks } from "./tables";

const thing = { iri: "x:a", label: "A" };

function table(name: string, section: string, rows: QualityTable["rows"] = []): QualityTable {
  return { name, section, title: name, note: null, columns: ["what", "how many"], rows };
}

function check(name: string, severity: CheckSeverity, found: number): Check {
  return { name, severity, title: name, fix: "", found };
}

describe("answerOf", () => {
  it("derives the types of columns despite a word for unknown values", () => {
    const answer = answerOf(
      table("a", "S", [
        [thing, 2],
        ["not known", 1],
      ]),
    );
    expect(answer.columns.map(({ label, type }) => [label, type])).toEqual([
      ["what", "thing"],
      ["how many", "integer"],
    ]);
    expect(guessRoles(answer.columns, answer.rows)).toMatchObject({ x: "column1", y: ["column2"] });
  });
  it("accepts short rows and empty tables", () => {
    expect(answerOf(table("a", "S", [["x"]])).rows).toEqual([{ column1: "x", column2: null }]);
    expect(answerOf(table("a", "S")).columns[0]?.type).toBe("text");
  });
});

describe("checks", () => {
  const checks = [check("a", "info", 9), check("b", "warning", 0), check("c", "violation", 1), check("d", "info", 12)];
  it("are counted by severity", () => {
    expect(countBySeverity(checks).map(({ severity, found }) => [severity, found])).toEqual([
      ["violation", 1],
      ["warning", 0],
      ["info", 21],
    ]);
  });
  it("are sorted by severity, with those without findings last", () => {
    expect(sortChecks(checks).map(({ name }) => name)).toEqual(["c", "d", "a", "b"]);
  });
});

describe("evidenceQuestions", () => {
  it("selects by topic and tag", () => {
    const question = (name: string, tags: string[]) => ({ name, tags });
    const topics = [
      { topic: "sources", questions: [question("a", [])] },
      { topic: "other", questions: [question("b", ["evidence"]), question("c", [])] },
    ] as unknown as Topic[];
    expect(evidenceQuestions(topics).map(({ name }) => name)).toEqual(["a", "b"]);
  });
});
