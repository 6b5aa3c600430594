import { describe, expect, it } from "vitest";
import type { AnswerColumn, Row } from "../api/types";
import { daysOf, evidenceOf, guessRoles, viewsOf, yearsOf } from "./roles";

const column = (name: string, type: AnswerColumn["type"], list = false): AnswerColumn => ({
  name,
  type,
  list,
  label: name,
  evidence: false,
});
const thing = (name: string) => ({ iri: `x:${name}`, label: name });
const columns = [
  column("plant", "thing"),
  column("maker", "thing"),
  column("since", "text"),
  column("size", "integer"),
  column("notes", "text"),
];
const rows: Row[] = [
  { plant: thing("a"), maker: thing("m"), since: "2024-05", size: 3, notes: "2024 was a year" },
  { plant: thing("b"), maker: thing("m"), since: "../2023-01-01", size: null, notes: null },
  { plant: thing("c"), maker: null, since: "2021/2022", size: 1, notes: null },
];

describe("roles", () => {
  it("distinguish years from other integers", () => {
    const numbers = [column("year", "integer"), column("count", "integer"), column("share", "number")];
    expect([
      ...yearsOf(numbers, [
        { year: 2025, count: 2025, share: 2025 },
        { year: null, count: 12, share: 2025 },
      ]),
    ]).toEqual(["year"]);
  });
  it("are guessed from the types of columns", () => {
    expect(guessRoles(columns, rows)).toMatchObject({
      place: "plant",
      color: "maker",
      at: "since",
      size: "size",
      x: "plant",
      subject: "plant",
    });
  });
  it("accept days of any precision, and no other text", () => {
    expect([...daysOf(columns, rows)]).toEqual(["since"]);
    expect([...daysOf(columns, [])]).toEqual([]);
  });
});

describe("views", () => {
  it("are those that can show the answer", () => {
    expect(viewsOf({ columns, rows }, {}, "table")).toEqual(["table", "map", "timeline", "chart", "graph"]);
    expect(viewsOf({ columns: [column("n", "integer")], rows: [{ n: 1 }] }, {}, "table")).toEqual(["table"]);
  });
  it("have no map if the question names roles but no place", () => {
    expect(viewsOf({ columns, rows }, { x: "plant", y: ["size"] }, "chart")).not.toContain("map");
    expect(viewsOf({ columns, rows }, { place: "plant" }, "map")).toContain("map");
  });
});

describe("evidence", () => {
  const answer = { columns, rows, asOf: "", title: "", evidence: [{ plant: ["e:1"], maker: ["e:2"], since: ["e:1"] }, {}] };
  it("is that of a cell, or of a row without duplicates", () => {
    expect(evidenceOf(answer, 0, "maker")).toEqual(["e:2"]);
    expect(evidenceOf(answer, 0)).toEqual(["e:1", "e:2"]);
    expect(evidenceOf(answer, 1)).toEqual([]);
    expect(evidenceOf(answer, 2, "plant")).toEqual([]);
  });
});
