// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import type { Edge, Node } from "./data";
import { type ExportedGraph, escapeXml, fetchGraph, fileName, writeJson } from "./files";

const HOSTILE = 'A & <b> "c" \u0000\u0008\ufffe\ud800 长安';
const node = (name: string, label: string): Node => ({
  name,
  iri: `http://x/${name}`,
  label,
  kind: { iri: "x#K", label: "kind" },
  color: "#102030",
  facts: { "a<b": true },
});
const edge: Edge = {
  id: "n1 r n2",
  source: "n1",
  target: "n2",
  relation: { iri: "x#r", label: HOSTILE },
  spells: [
    { from: "2020-01-01", until: "2021-01-01" },
    { from: "2022-01-01", until: null },
  ],
  facts: { weight: 2, of: [{ iri: "x:1", label: "one" }, "two"] },
  evidence: ["e:1"],
  sources: ["s:1", "s:2"],
};
const graph: ExportedGraph = {
  title: HOSTILE,
  description: "as of 2026",
  nodes: [node("n1", HOSTILE), node("n2", "=1+1")],
  edges: [edge],
  positions: new Map([
    ["n1", { x: 0, y: 0 }],
    ["n2", { x: 100, y: 50 }],
  ]),
  shapes: new Map([["x#K", 2]]),
  standings: [],
};

describe("XML", () => {
  it("is escaped, without forbidden characters but with surrogate pairs", () => {
    expect(escapeXml('<&>"\u0001\ud83d\ude97')).toBe("&lt;&amp;&gt;&quot;\ud83d\ude97");
    expect(escapeXml("a\nb")).toBe("a&#10;b");
  });
});

it("files are named after what they show", () => {
  expect(fileName("Graph of BYD: plants & people", "2026-11-27", "svg")).toBe("nevkg-graph-graph-of-byd-plants-people-2026-11-27.svg");
  expect(fileName("比亚迪", null, "png")).toBe("nevkg-graph-比亚迪.png");
});

describe("JSON", () => {
  it("has nodes with names and positions, and links between them, with their attributes", () => {
    const document = JSON.parse(writeJson(graph));
    expect(document.nodes.map(({ id, x, "a<b": attribute }: Record<string, unknown>) => [id, x, attribute])).toEqual([
      ["n1", 0, true],
      ["n2", 100, true],
    ]);
    expect(document.edges[0]).toMatchObject({
      source: "n1",
      target: "n2",
      relation: "x#r",
      weight: 2,
      spells: edge.spells,
      sources: ["s:1", "s:2"],
    });
  });
});

it("is written by the server in formats of other tools", async () => {
  const fetch = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("<gexf/>"));
  expect(await (await fetchGraph(graph, "gexf")).text()).toBe("<gexf/>");
  expect(fetch).toHaveBeenCalledWith(
    "http://localhost/api/graph/export?format=gexf",
    expect.objectContaining({ method: "POST", body: writeJson(graph) }),
  );
});
