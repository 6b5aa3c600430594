import { describe, expect, it } from "vitest";
import { convertRows } from "./answer-graph";
import { findNext, placeAround } from "./layout";

const positions = new Map([
  ["middle", { x: 0, y: 0 }],
  ["right", { x: 100, y: 10 }],
  ["far right", { x: 300, y: 0 }],
  ["below", { x: 5, y: 80 }],
]);

describe("arrow keys", () => {
  it("lead to the nearest node in their direction, if there is one", () => {
    expect(findNext("ArrowRight", "middle", positions)).toBe("right");
    expect(findNext("ArrowRight", "right", positions)).toBe("far right");
    expect(findNext("ArrowDown", "middle", positions)).toBe("below");
    expect(findNext("ArrowUp", "middle", positions)).toBeNull();
    expect(findNext("x", "middle", positions)).toBeNull();
  });
});

describe("new nodes", () => {
  it("are placed around the node from which they were expanded, at different positions", () => {
    const fresh = ["1", "2", "3"];
    const placed = placeAround(fresh, new Map(fresh.map((name) => [name, "far right"])), positions, { x: 0, y: 0 });
    for (const point of placed.values()) expect(Math.hypot(point.x - 300, point.y)).toBeLessThan(200);
    expect(new Set([...placed.values()].map(({ x, y }) => `${x.toFixed(3)} ${y.toFixed(3)}`)).size).toBe(3);
  });
});

describe("rows of an answer", () => {
  const entity = (name: string) => ({ iri: `x:${name}`, label: name });
  const column = (name: string, list = false) => ({ name, label: name.toUpperCase(), type: null, list, evidence: false });
  const answer = {
    columns: [column("who"), column("whom", true)],
    rows: [
      { who: entity("a"), whom: [entity("b"), "c"] },
      { who: entity("a"), whom: null },
      { who: null, whom: [entity("b")] },
      { who: entity("a"), whom: [entity("b")] },
    ],
    evidence: [{ who: ["e:1"] }, {}, {}, { whom: ["e:2"] }],
    asOf: "2026-01-01",
    title: "",
  };
  it("link two entities, each pair once with all its evidence", () => {
    const graph = convertRows({ answer, show: { subject: "who", object: "whom" } }, "en");
    expect([...graph.nodes.keys()]).toEqual(["x:a", "x:b", "“c”"]);
    expect([...graph.edges.values()].map((edge) => [edge.source, edge.relation.label, edge.target, edge.evidence.join()])).toEqual([
      ["x:a", "WHOM", "x:b", "e:1,e:2"],
      ["x:a", "WHOM", "“c”", "e:1"],
    ]);
  });
  it("make no graph without two columns", () => {
    expect(convertRows({ answer, show: { subject: "who" } }, "en").nodes.size).toBe(0);
  });
});
