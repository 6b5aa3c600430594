import { describe, expect, it } from "vitest";
import type { AnswerColumn, Row } from "../api/types";
import { isoOf } from "../ui/dates";
import { categoriesOf, isStackable, numbersOf, pointsOf, selectGroups, singleColumns, valuesOf, withinAxis } from "./data";

const thing = (iri: string) => ({ iri, label: iri.toUpperCase() });
const column = (name: string, type: AnswerColumn["type"]): AnswerColumn => ({ name, type, label: null, list: false, evidence: false });
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
    expect(numbersOf(columns, rows, { y: ["share"], x: "where" })).toEqual({ named: ["share"], others: ["count"] });
    expect(numbersOf(columns, rows, { y: ["count", "gone"] }).named).toEqual(["count"]);
  });
  it("are grouped by unit, the most frequent first", () => {
    const grouping = { parameter: "unit-shown", keyOf: (row: number) => ["u", "u", "v", ""][row] ?? "" };
    const { rows: first, selections } = selectGroups(all, [grouping], new URLSearchParams());
    expect([...(selections[0]?.groups ?? [])]).toEqual([
      ["u", [0, 1]],
      ["v", [2]],
      ["", [3]],
    ]);
    expect(first).toEqual([0, 1]);
    expect(selectGroups(all, [grouping], new URLSearchParams("unit-shown=-")).rows).toEqual([3]);
    expect(selectGroups(all, [{ ...grouping, preferred: "v" }], new URLSearchParams()).rows).toEqual([2]);
    expect(selectGroups(all, [], new URLSearchParams())).toEqual({ rows: all, selections: [] });
  });
  it("of lines are shown for one value of each column that is apart, except that of dashes", () => {
    const facts: Row[] = [{ what: thing("sales"), where: thing("world"), how: thing("actual") }];
    const show = { apart: ["what", "where", "how"], solid: "actual" };
    expect(singleColumns(facts, { ...show, kind: "line" })).toEqual(["what", "where"]);
    expect(singleColumns(facts, { ...show, kind: "bar" })).toEqual(["what"]);
  });
});

describe("categories", () => {
  it("are in the order of the answer, without rows that have no number", () => {
    const categories = categoriesOf(rows, valuesOf(rows, all, ["count"], { series: "how" }), "where", "en", "?");
    expect(categories.map(({ label, values }) => [label, values.map((value) => [value.series, value.number])])).toEqual([
      [
        "B",
        [
          ["x", 3],
          ["y", 2],
        ],
      ],
      ["A", [["x", 1]]],
    ]);
    expect(isStackable(categories)).toBe(true);
  });
  it("have a series for each column where several are drawn", () => {
    const values = valuesOf(rows, [0], ["count", "share"], { series: "how" });
    expect(values.map((value) => [value.series, value.number])).toEqual([
      ["count", 3],
      ["share", 0.5],
    ]);
  });
  it("are not stacked if a series occurs twice", () => {
    const values = valuesOf(rows, [0, 2], ["count"], {});
    expect(isStackable(categoriesOf(rows, values, "where", "en", "?"))).toBe(false);
  });
});

describe("points", () => {
  const timed: Row[] = [
    { when: 2024, n: 2 },
    { when: "2023-05-01", n: 1 },
    { when: null, n: 9 },
  ];
  it("are in order of time, with years and days", () => {
    const points = pointsOf(timed, valuesOf(timed, [0, 1, 2], ["n"], {}), "when");
    expect(points?.map((point) => [isoOf(point.day), point.number])).toEqual([
      ["2023-05-01", 1],
      ["2024-01-01", 2],
    ]);
  });
  it("of whole years are at their year, those of other periods at their end", () => {
    const periods: Row[] = [
      { from: "2025-01-01", to: "2025-12-31", n: 1 },
      { from: "2024-01-01", to: "2024-10-31", n: 2 },
      { from: "2023-07-01", to: "2024-06-30", n: 3 },
    ];
    const points = pointsOf(periods, valuesOf(periods, [0, 1, 2], ["n"], {}), "to", "from");
    expect(points?.map((point) => [isoOf(point.day), point.number])).toEqual([
      ["2024-06-30", 3],
      ["2024-10-31", 2],
      ["2025-01-01", 1],
    ]);
  });
  it("of a few series far in the future are beyond the axis, actual ones never", () => {
    const future: Row[] = ["2024 a x", "2025 a x", "2025 b x", "2025 c x", "2026 c y", "2030 b y"].map((text) => {
      const [year, who = "", how = ""] = text.split(" ");
      return { year: Number(year), who: thing(who), how: thing(how), n: 1 };
    });
    const drawn = (roles: { solid?: string }) => {
      const values = valuesOf(future, [...future.keys()], ["n"], { series: "who", apart: ["how"], ...roles });
      return withinAxis(pointsOf(future, values, "year") ?? []).map(({ row }) => row);
    };
    expect(drawn({ solid: "x" })).toEqual([0, 1, 2, 3, 4]);
    expect(drawn({})).toEqual([0, 1, 2, 3, 4, 5]);
  });
  it("are null if x is not a time", () => {
    expect(pointsOf(rows, valuesOf(rows, all, ["count"], {}), "where")).toBeNull();
  });
});

describe("lines", () => {
  const facts: Row[] = [
    { who: thing("m"), what: thing("sales"), how: thing("actual"), from: "2024-01-01", to: "2024-12-31", low: 5, n: 7 },
    { who: thing("m"), what: thing("sales"), how: thing("target"), from: "2025-01-01", to: "2025-12-31", low: 9, n: 9 },
    { who: thing("m"), what: thing("sales"), how: thing("actual"), from: "2025-01-01", to: "2025-06-30", low: null, n: 4 },
    { who: thing("m"), what: thing("sales"), how: thing("actual"), from: "2023-01-01", to: "2023-12-31", low: 6, n: 6 },
  ];
  const roles = { series: "who", apart: ["what", "how"], solid: "actual", low: "low", start: "from", x: "to" };
  const values = valuesOf(facts, [0, 1, 2, 3], ["n"], roles);
  it("connect only values of one kind and one length of period", () => {
    expect(values.map((value) => values.findIndex(({ line }) => line === value.line))).toEqual([0, 1, 2, 0]);
  });
  it("are dashed where the values are not actual", () => {
    expect(values.map(({ isDashed }) => isDashed)).toEqual([false, true, false, false]);
    expect(valuesOf(facts, [1], ["n"], { series: "who" })[0]?.isDashed).toBe(false);
  });
  it("count apart what is not supported enough", () => {
    const counts: Row[] = [
      { n: 7, other: 1, doubtful: 2 },
      { n: 3, other: 1, doubtful: null },
    ];
    const found = valuesOf(counts, [0, 1], ["n", "other"], { y: ["n", "other"], more: ["doubtful"] });
    expect(found.map(({ column, more }) => [column, more])).toEqual([
      ["n", 2],
      ["other", null],
      ["n", null],
      ["other", null],
    ]);
  });
  it("have ranges", () => {
    expect(values.map(({ low }) => low)).toEqual([5, null, null, null]);
  });
});
