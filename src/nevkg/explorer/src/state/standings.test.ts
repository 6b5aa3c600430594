import { describe, expect, it } from "vitest";
import type { Term } from "../api/types";
import { bestStanding, dashArray, readDashes, standingsOf } from "./standings";

const concept = (label: string, dashes?: string, rank?: number): Term => ({
  iri: `x:${label}`,
  label,
  name: label,
  definition: null,
  color: null,
  uses: 0,
  ...(dashes === undefined ? {} : { dashes: [dashes] }),
  ...(rank === undefined ? {} : { rank: [rank] }),
});
const found = standingsOf({
  concepts: [concept("weak", "1 2", 1), concept("other"), concept("day", undefined, 7), concept("good", "none", 2)],
});

describe("standings", () => {
  it("are the concepts that have dashes, the best first", () => {
    expect(found).toEqual([
      { iri: "x:good", label: "good", dashes: [] },
      { iri: "x:weak", label: "weak", dashes: [1, 2] },
    ]);
    expect(standingsOf(undefined)).toEqual([]);
  });
  it("are found by IRI or label, and the best counts", () => {
    expect(bestStanding(found, ["weak", { iri: "x:good", label: "" }])?.label).toBe("good");
    expect(bestStanding(found, [null, undefined, "weak"])?.label).toBe("weak");
    expect(bestStanding(found, ["else"])).toBeUndefined();
  });
  it("give dashes for SVG, and none for a solid line", () => {
    expect(found.map((one) => dashArray(one, 1.2))).toEqual([undefined, "1.2 2.4"]);
    expect(readDashes("0 3")).toEqual([]);
  });
});
