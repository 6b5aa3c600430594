// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import type { Edge, Node } from "./data";
import { csv, type Exported, gexf, graphml, json, svg, xml } from "./export";

const HOSTILE = 'A & <b> "c" \u0000\u0008\ufffe\ud800 长安';
const CLEAN = 'A & <b> "c"  长安';
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
const graph: Exported = {
  title: HOSTILE,
  about: "as of 2026",
  nodes: [node("n1", HOSTILE), node("n2", "=1+1")],
  edges: [edge],
  positions: new Map([
    ["n1", { x: 0, y: 0 }],
    ["n2", { x: 100, y: 50 }],
  ]),
  shapes: new Map([["x#K", 2]]),
  standings: [],
};

function read(text: string): Document {
  // The parser of the tests knows no attributes with a dot, and no declaration.
  const found = new DOMParser().parseFromString(text.replaceAll("attr.", "attr-").replace(/^<\?xml[^>]*\?>\s*/, ""), "application/xml");
  expect(found.querySelector("parsererror")).toBeNull();
  return found;
}

describe("XML", () => {
  it("is escaped, without what it cannot hold, and keeps pairs", () => {
    expect(xml('<&>"\u0001\ud83d\ude97')).toBe("&lt;&amp;&gt;&quot;\ud83d\ude97");
    expect(xml("a\nb")).toBe("a&#10;b");
  });
});

describe("GraphML", () => {
  it("holds each node and edge with its attributes", () => {
    const found = read(graphml(graph));
    expect(found.querySelectorAll("node").length).toBe(2);
    const link = found.querySelector("graph > edge");
    expect([link?.getAttribute("source"), link?.getAttribute("target")]).toEqual(["n1", "n2"]);
    const key = [...found.querySelectorAll("key")].find(
      (one) => one.getAttribute("for") === "node" && one.getAttribute("attr-name") === "label",
    );
    expect(found.querySelector(`node data[key="${key?.getAttribute("id")}"]`)?.textContent).toBe(CLEAN);
  });
});

describe("GEXF", () => {
  it("holds the spells of edges and colours of nodes", () => {
    const text = gexf(graph);
    read(text);
    expect(text).toContain('<spells><spell start="2020-01-01" endopen="2021-01-01"/><spell start="2022-01-01"/></spells>');
    expect(text).toContain('<viz:color r="16" g="32" b="48"/>');
  });
});

describe("SVG", () => {
  it("draws every node and edge, and the text as text", () => {
    const found = read(svg(graph));
    expect(found.querySelectorAll("polygon").length).toBe(2);
    expect(found.querySelectorAll("g > path").length).toBe(1);
    expect(found.querySelector("g text")?.textContent).toBe(CLEAN);
    expect(found.querySelector("b")).toBeNull();
  });
  it("tells standings by dashes, and in words", () => {
    const standings = [
      { iri: "x:good", label: "good", dashes: [] },
      { iri: "x:bad", label: "bad", dashes: [4, 3] },
    ];
    const found = read(svg({ ...graph, standings, edges: [{ ...edge, facts: { standing: "bad" } }, edge] }));
    const lines = [...found.querySelectorAll("g > path")].map((one) => [
      one.getAttribute("stroke-dasharray"),
      one.getAttribute("stroke-width"),
    ]);
    expect(lines).toEqual([
      ["4 3", null],
      [null, "0.5"],
    ]);
    expect(found.querySelector("g > path > title")?.textContent).toContain(", bad");
    expect([...found.querySelectorAll("svg > text")].map((one) => one.textContent)[0]).toBe("bad");
  });
  it("of nothing is no error", () => {
    expect(svg({ ...graph, nodes: [], edges: [] })).not.toContain("Infinity");
  });
});

describe("CSV", () => {
  it("quotes, and keeps formulas from spreadsheets", () => {
    const [head = "", row = ""] = csv(graph).split("\r\n");
    expect(head).toBe("\ufeffsource,source_label,target,target_label,label,relation,from,evidence,sources,weight,of");
    expect(row).toContain(`"A & <b> ""c"" `);
    expect(row).toContain(",'=1+1,");
    expect(row).toContain(",2020-01-01,e:1,s:1 s:2,2,one; two");
  });
});

describe("JSON", () => {
  it("is node-link, its nodes by name", () => {
    const found = JSON.parse(json(graph));
    expect(found.nodes.map((one: { id: string }) => one.id)).toEqual(["n1", "n2"]);
    expect(found.edges[0]).toMatchObject({ source: "n1", target: "n2", key: "e1", spells: edge.spells, sources: ["s:1", "s:2"] });
  });
});
