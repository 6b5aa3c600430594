import { describe, expect, it } from "vitest";
import type { Row } from "../api/types";
import { arranged, fold, parseOrder } from "./rows";

const rows: Row[] = [
  { name: "Anápolis", count: 9 },
  { name: "Rayong", count: null },
  { name: { iri: "x:1", label: "Camaçari" }, count: 100 },
];
const columns = ["name", "count"];

describe("arranged", () => {
  it("keeps the order of the answer where none is params for", () => {
    expect(arranged(rows, null, "", columns, "en")).toEqual([0, 1, 2]);
  });
  it("sorts numbers as numbers, and what is unknown last either way", () => {
    expect(arranged(rows, parseOrder("count"), "", columns, "en")).toEqual([0, 2, 1]);
    expect(arranged(rows, parseOrder("-count"), "", columns, "en")).toEqual([2, 0, 1]);
  });
  it("filters by all words, without case and accents", () => {
    expect(arranged(rows, null, "camacari", columns, "en")).toEqual([2]);
    expect(arranged(rows, null, "ANAPOLIS 9", columns, "en")).toEqual([0]);
    expect(arranged(rows, null, "anapolis 100", columns, "en")).toEqual([]);
  });
});

describe("fold", () => {
  it("takes accents away and leaves Chinese as it is", () => {
    expect(fold("Çamaçari 长安")).toBe("camacari 长安");
  });
});
