import { describe, expect, it } from "vitest";
import type { Term } from "../api/types";
import { bestStanding, dashArray, readDashes, standingsOf } from "./standings";

const concept = (label: string, dashes?: string, rank?: number, upheld?: boolean): Term => ({
  iri: `x:${label}`,
  label,
  name: label,
  definition: null,
  color: null,
  uses: 0,
  ...(dashes === undefined ? {} : { dashes: [dashes] }),
  ...(rank === undefined ? {} : { rank: [rank] }),
  ...(upheld === undefined ? {} : { upheld: [upheld] }),
});
const standings = standingsOf({
  concepts: [concept("weak", "1 2", 1), concept("other"), concept("day", undefined, 7), concept("good", "none", 2, true)],
});

describe("standings", () => {
  it("are the concepts that have dashes, the best first", () => {
    expect(standings).toEqual([
      { iri: "x:good", label: "good", dashes: [], isUpheld: true },
      { iri: "x:weak", label: "weak", dashes: [1, 2], isUpheld: false },
    ]);
    expect(standingsOf(undefined)).toEqual([]);
  });
  it("are found by IRI or label, and the best is returned", () => {
    expect(bestStanding(standings, ["weak", { iri: "x:good", label: "" }])?.label).toBe("good");
    expect(bestStanding(standings, [null, undefined, "weak"])?.label).toBe("weak");
    expect(bestStanding(standings, ["other"])).toBeUndefined();
  });
  it("give dashes for SVG, and none for a solid line", () => {
    expect(standings.map((standing) => dashArray(standing, 1.2))).toEqual([undefined, "1.2 2.4"]);
    expect(readDashes("0 3")).toEqual([]);
  });
});
