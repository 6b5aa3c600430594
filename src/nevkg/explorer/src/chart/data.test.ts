import { describe, expect, it } from "vitest";
import type { Column, Row } from "../api/types";
import { isoOf } from "../ui/dates";
import { categoriesOf, isStackable, numbersOf, pointsOf, unitsOf, valuesOf } from "./data";

const thing = (iri: string) => ({ iri, label: iri.toUpperCase() });
const column = (name: string, type: Column["type"]): Column => ({ name, type, label: null, list: false, evidence: false });
const columns = [
  column("where", "thing"),
  column("how", "thing"),
  column("count", "integer"),
  column("share", "number"),
  column("unit", "thing"),
];
const rows: Row[] = [
  { where: thing("b"), how: thing("x"), count: 3, share: 0.5, unit: thing("u") },
  { where: thing("a"), how: thing("x"), count: 1, share: null, unit: thing("u") },
  { where: thing("b"), how: thing("y"), count: 2, share: 0.1, unit: thing("v") },
  { where: null, how: null, count: null, share: 1, unit: null },
];
const all = [0, 1, 2, 3];

describe("numbers", () => {
  it("are those that the question names, then the others", () => {
    expect(numbersOf(columns, { y: "share", x: "where" })).toEqual({ named: ["share"], others: ["count"] });
    expect(numbersOf(columns, { y: ["count", "gone"] }).named).toEqual(["count"]);
  });
  it("are kept apart by unit, the most frequent first", () => {
    expect([...unitsOf(rows, "unit")]).toEqual([
      ["u", [0, 1]],
      ["v", [2]],
      ["", [3]],
    ]);
    expect([...unitsOf(rows, undefined).values()]).toEqual([all]);
  });
});

describe("categories", () => {
  it("come in the order of the answer, and lack what has no number", () => {
    const found = categoriesOf(rows, valuesOf(rows, all, ["count"], "how"), "where", "en", "?");
    expect(found.map(({ label, values }) => [label, values.map((value) => [value.series, value.number])])).toEqual([
      [
        "B",
        [
          ["x", 3],
          ["y", 2],
        ],
      ],
      ["A", [["x", 1]]],
    ]);
    expect(isStackable(found)).toBe(true);
  });
  it("have a series for each column where several are drawn", () => {
    const values = valuesOf(rows, [0], ["count", "share"], "how");
    expect(values.map((value) => [value.series, value.number])).toEqual([
      ["count", 3],
      ["share", 0.5],
    ]);
  });
  it("are not stacked where one part is there twice", () => {
    const values = valuesOf(rows, [0, 2], ["count"], undefined);
    expect(isStackable(categoriesOf(rows, values, "where", "en", "?"))).toBe(false);
  });
});

describe("points", () => {
  const timed: Row[] = [
    { when: 2024, n: 2 },
    { when: "2023-05-01", n: 1 },
    { when: null, n: 9 },
  ];
  it("are put in the order of time, years and days alike", () => {
    const points = pointsOf(timed, valuesOf(timed, [0, 1, 2], ["n"], undefined), "when");
    expect(points?.map((point) => [isoOf(point.day), point.number])).toEqual([
      ["2023-05-01", 1],
      ["2024-01-01", 2],
    ]);
  });
  it("are none where x is no time", () => {
    expect(pointsOf(rows, valuesOf(rows, all, ["count"], undefined), "where")).toBeNull();
  });
});
