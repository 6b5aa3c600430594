// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import type { Edge, Node } from "./data";
import { type ExportedGraph, escapeXml, writeCsv, writeGexf, writeGraphml, writeJson, writeSvg } from "./export";

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

function parse(text: string): Document {
  // The parser of happy-dom rejects attributes with a dot, and XML declarations.
  const document = new DOMParser().parseFromString(text.replaceAll("attr.", "attr-").replace(/^<\?xml[^>]*\?>\s*/, ""), "application/xml");
  expect(document.querySelector("parsererror")).toBeNull();
  return document;
}

describe("XML", () => {
  it("is escaped, without forbidden characters but with surrogate pairs", () => {
    expect(escapeXml('<&>"\u0001\ud83d\ude97')).toBe("&lt;&amp;&gt;&quot;\ud83d\ude97");
    expect(escapeXml("a\nb")).toBe("a&#10;b");
  });
});

describe("GraphML", () => {
  it("contains each node and edge with its attributes", () => {
    const document = parse(writeGraphml(graph));
    expect(document.querySelectorAll("node").length).toBe(2);
    const link = document.querySelector("graph > edge");
    expect([link?.getAttribute("source"), link?.getAttribute("target")]).toEqual(["n1", "n2"]);
    const key = [...document.querySelectorAll("key")].find(
      (element) => element.getAttribute("for") === "node" && element.getAttribute("attr-name") === "label",
    );
    expect(document.querySelector(`node data[key="${key?.getAttribute("id")}"]`)?.textContent).toBe(CLEAN);
  });
});

describe("GEXF", () => {
  it("contains the spells of edges and the colours of nodes", () => {
    const text = writeGexf(graph);
    parse(text);
    expect(text).toContain('<spells><spell start="2020-01-01" endopen="2021-01-01"/><spell start="2022-01-01"/></spells>');
    expect(text).toContain('<viz:color r="16" g="32" b="48"/>');
  });
});

describe("SVG", () => {
  it("draws every node and edge, with escaped labels", () => {
    const document = parse(writeSvg(graph));
    expect(document.querySelectorAll("polygon").length).toBe(2);
    expect(document.querySelectorAll("g > path").length).toBe(1);
    expect(document.querySelector("g text")?.textContent).toBe(CLEAN);
    expect(document.querySelector("b")).toBeNull();
  });
  it("distinguishes standings by dashes, with a legend", () => {
    const standings = [
      { iri: "x:good", label: "good", dashes: [] },
      { iri: "x:bad", label: "bad", dashes: [4, 3] },
    ];
    const document = parse(writeSvg({ ...graph, standings, edges: [{ ...edge, facts: { standing: "bad" } }, edge] }));
    const lines = [...document.querySelectorAll("g > path")].map((line) => [
      line.getAttribute("stroke-dasharray"),
      line.getAttribute("stroke-width"),
    ]);
    expect(lines).toEqual([
      ["4 3", null],
      [null, "0.5"],
    ]);
    expect(document.querySelector("g > path > title")?.textContent).toContain(", bad");
    expect([...document.querySelectorAll("svg > text")].map((element) => element.textContent)[0]).toBe("bad");
  });
  it("can be empty", () => {
    expect(writeSvg({ ...graph, nodes: [], edges: [] })).not.toContain("Infinity");
  });
});

describe("CSV", () => {
  it("quotes cells, and escapes formulas", () => {
    const [head = "", row = ""] = writeCsv(graph).split("\r\n");
    expect(head).toBe("\ufeffsource,source_label,target,target_label,label,relation,from,evidence,sources,weight,of");
    expect(row).toContain(`"A & <b> ""c"" `);
    expect(row).toContain(",'=1+1,");
    expect(row).toContain(",2020-01-01,e:1,s:1 s:2,2,one; two");
  });
});

describe("JSON", () => {
  it("has nodes with names, and links between them", () => {
    const document = JSON.parse(writeJson(graph));
    expect(document.nodes.map((node: { id: string }) => node.id)).toEqual(["n1", "n2"]);
    expect(document.edges[0]).toMatchObject({ source: "n1", target: "n2", key: "e1", spells: edge.spells, sources: ["s:1", "s:2"] });
  });
});
