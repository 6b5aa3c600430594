import { describe, expect, it } from "vitest";
import { totalsOf } from "./totals";

const thing = (name: string) => ({ iri: `x:${name}`, label: name });
const rows = [
  { plant: thing("a"), makers: [thing("m"), thing("n")], size: 3 },
  { plant: thing("a"), makers: [thing("m")], size: null },
  { plant: null, makers: [], size: 4 },
];

describe("totals", () => {
  it("count distinct values, including those in lists, without missing ones", () => {
    expect(totalsOf(rows, new URLSearchParams("count=plant&count=makers")).map(({ value }) => value)).toEqual([1, 2]);
  });
  it("add up numbers", () => {
    expect(totalsOf(rows, new URLSearchParams("sum=size"))).toEqual([{ kind: "sum", column: "size", value: 7 }]);
  });
});
