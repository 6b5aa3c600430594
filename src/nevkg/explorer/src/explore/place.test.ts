import { describe, expect, it } from "vitest";
import { around, nextIn } from "./place";
import { ofRows } from "./rows";

const at = new Map([
  ["middle", { x: 0, y: 0 }],
  ["right", { x: 100, y: 10 }],
  ["far right", { x: 300, y: 0 }],
  ["below", { x: 5, y: 80 }],
]);

describe("arrow keys", () => {
  it("lead to the nearest in their direction, or nowhere", () => {
    expect(nextIn("ArrowRight", "middle", at)).toBe("right");
    expect(nextIn("ArrowRight", "right", at)).toBe("far right");
    expect(nextIn("ArrowDown", "middle", at)).toBe("below");
    expect(nextIn("ArrowUp", "middle", at)).toBeNull();
    expect(nextIn("x", "middle", at)).toBeNull();
  });
});

describe("new nodes", () => {
  it("are put around the node from which they were reached, each elsewhere", () => {
    const fresh = ["1", "2", "3"];
    const found = around(fresh, new Map(fresh.map((name) => [name, "far right"])), at, { x: 0, y: 0 });
    for (const point of found.values()) expect(Math.hypot(point.x - 300, point.y)).toBeLessThan(200);
    expect(new Set([...found.values()].map(({ x, y }) => `${x.toFixed(3)} ${y.toFixed(3)}`)).size).toBe(3);
  });
});

describe("rows of an answer", () => {
  const thing = (name: string) => ({ iri: `x:${name}`, label: name });
  const column = (name: string, list = false) => ({ name, label: name.toUpperCase(), type: null, list, evidence: false });
  const answer = {
    columns: [column("who"), column("whom", true)],
    rows: [
      { who: thing("a"), whom: [thing("b"), "c"] },
      { who: thing("a"), whom: null },
      { who: null, whom: [thing("b")] },
      { who: thing("a"), whom: [thing("b")] },
    ],
    evidence: [{ who: ["e:1"] }, {}, {}, { whom: ["e:2"] }],
    asOf: "2026-01-01",
    title: "",
  };
  it("link two things, each pair once with all it rests on", () => {
    const graph = ofRows({ answer, show: { subject: "who", object: "whom" } }, "en");
    expect([...graph.nodes.keys()]).toEqual(["x:a", "x:b", "“c”"]);
    expect([...graph.edges.values()].map((edge) => [edge.source, edge.relation.label, edge.target, edge.evidence.join()])).toEqual([
      ["x:a", "WHOM", "x:b", "e:1,e:2"],
      ["x:a", "WHOM", "“c”", "e:1"],
    ]);
  });
  it("without two columns are no graph", () => {
    expect(ofRows({ answer, show: { subject: "who" } }, "en").nodes.size).toBe(0);
  });
});
