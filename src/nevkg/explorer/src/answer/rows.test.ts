import { describe, expect, it } from "vitest";
import type { Row } from "../api/types";
import { fold } from "../ui/text";
import { arrangeRows, parseOrder, totalsOf } from "./rows";

const rows: Row[] = [
  { name: "Anápolis", count: 9 },
  { name: "Rayong", count: null },
  { name: { iri: "x:1", label: "Camaçari" }, count: 100 },
];
const columns = ["name", "count"];

describe("arrangeRows", () => {
  it("keeps the order of the answer by default", () => {
    expect(arrangeRows(rows, null, "", columns, "en")).toEqual([0, 1, 2]);
  });
  it("sorts numbers as numbers, and missing values last in either direction", () => {
    expect(arrangeRows(rows, parseOrder("count"), "", columns, "en")).toEqual([0, 2, 1]);
    expect(arrangeRows(rows, parseOrder("-count"), "", columns, "en")).toEqual([2, 0, 1]);
  });
  it("filters by all words, without case and accents", () => {
    expect(arrangeRows(rows, null, "camacari", columns, "en")).toEqual([2]);
    expect(arrangeRows(rows, null, "ANAPOLIS 9", columns, "en")).toEqual([0]);
    expect(arrangeRows(rows, null, "anapolis 100", columns, "en")).toEqual([]);
  });
});

describe("fold", () => {
  it("removes accents and does not change Chinese", () => {
    expect(fold("Çamaçari 长安")).toBe("camacari 长安");
  });
});

const thing = (name: string) => ({ iri: `x:${name}`, label: name });
const plants = [
  { plant: thing("a"), makers: [thing("m"), thing("n")], size: 3 },
  { plant: thing("a"), makers: [thing("m")], size: null },
  { plant: null, makers: [], size: 4 },
];

describe("totals", () => {
  it("count distinct values, including those in lists, without missing ones", () => {
    expect(totalsOf(plants, new URLSearchParams("count=plant&count=makers")).map(({ value }) => value)).toEqual([1, 2]);
  });
  it("add up numbers", () => {
    expect(totalsOf(plants, new URLSearchParams("sum=size"))).toEqual([{ kind: "sum", column: "size", value: 7 }]);
  });
});
