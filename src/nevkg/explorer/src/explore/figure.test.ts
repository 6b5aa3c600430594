// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { estimateWidth } from "../ui/text";
import type { Edge, Node } from "./data";
import { type GraphFigure, writeSvg } from "./figure";

const HOSTILE = 'A & <b> "c" \u0000\u0008\ufffe\ud800 长安';
const CLEAN = 'A & <b> "c" 长安';
const node = (name: string, label: string): Node => ({
  name,
  iri: `http://x/${name}`,
  label,
  kind: { iri: "x#K", label: "kind" },
  color: "#102030",
  facts: {},
});
const edge: Edge = {
  id: "n1 r n2",
  source: "n1",
  target: "n2",
  relation: { iri: "x#r", label: "makes" },
  spells: [],
  facts: {},
  evidence: [],
  sources: [],
};
const figure: GraphFigure = {
  title: "Graph of a maker",
  description: "",
  about: ["as of 2026. Links: 2 good."],
  from: ["Sources: 3."],
  nodes: [node("n1", HOSTILE), node("n2", "=1+1")],
  edges: [edge],
  positions: new Map([
    ["n1", { x: 0, y: 0 }],
    ["n2", { x: 200, y: 150 }],
  ]),
  shapes: new Map([["x#K", 2]]),
  standings: [
    { iri: "x:good", label: "good", dashes: [], isUpheld: true },
    { iri: "x:bad", label: "bad", dashes: [4, 3], isUpheld: false },
  ],
  edgeStates: new Map(),
};

function parse(text: string): Document {
  const document = new DOMParser().parseFromString(text.replace(/^<\?xml[^>]*\?>\s*/, ""), "application/xml");
  expect(document.querySelector("parsererror")).toBeNull();
  return document;
}

const textsOf = (document: Document) => [...document.querySelectorAll("text")].map(({ textContent }) => textContent?.replace(/\s+/g, " "));

describe("the figure of a graph", () => {
  it("has title, day, population, legend of classes and sources, with escaped labels", () => {
    const document = parse(writeSvg(figure));
    const texts = textsOf(document);
    for (const text of [figure.title, ...figure.about, ...figure.from, "kind", CLEAN]) expect(texts).toContain(text);
    expect(document.querySelector("b")).toBeNull();
  });
  it("distinguishes standings by dashes, with a legend", () => {
    const document = parse(
      writeSvg({
        ...figure,
        edges: [
          { ...edge, facts: { standing: "bad" } },
          { ...edge, id: "other" },
        ],
      }),
    );
    const lines = [...document.querySelectorAll("g[fill=none] > path")].map((line) => [
      line.getAttribute("stroke-dasharray"),
      line.getAttribute("stroke-width"),
    ]);
    expect(lines).toEqual([
      ["4 3", null],
      [null, "0.5"],
    ]);
    expect(textsOf(document)).toContain("bad");
    expect(textsOf(document)).not.toContain("good");
  });
  it("has signs beside links that have appeared or ended", () => {
    const texts = textsOf(parse(writeSvg({ ...figure, edgeStates: new Map([[edge.id, "appeared"]]) })));
    expect(texts).toContain("+ makes");
  });
  it("cuts no label: each is within the picture, and none covers another", () => {
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
    const nodes = names.map((name, index) =>
      node(name, `${"A rather long name of a plant ".repeat(1 + (index % 3))}长安汽车泰国罗勇工厂 ${index}`),
    );
    const positions = new Map(names.map((name, index) => [name, { x: (index % 8) * 150 - 700, y: Math.floor(index / 8) * 110 }]));
    const svg = writeSvg({ ...figure, nodes, positions, edges: [] });
    const document = parse(svg);
    const root = document.documentElement;
    const [width, height] = ["width", "height"].map((name) => Number(root.getAttribute(name)));
    const [, dx, dy] =
      /translate\(([-\d.]+),([-\d.]+)\)/.exec(document.querySelector("svg > g[transform]")?.getAttribute("transform") ?? "") ?? [];
    const boxes = [...document.querySelectorAll("g[text-anchor=middle] text")].map((text) => {
      const half = estimateWidth(text.textContent ?? "", Number(text.getAttribute("font-size"))) / 2;
      const [x, y] = [Number(text.getAttribute("x")) + Number(dx), Number(text.getAttribute("y")) + Number(dy)];
      return { left: x - half, right: x + half, top: y - 9, bottom: y };
    });
    expect(boxes.length).toBeGreaterThan(80); // long labels have several lines
    for (const [index, box] of boxes.entries()) {
      expect(box.left).toBeGreaterThanOrEqual(0);
      expect(box.right).toBeLessThanOrEqual(width ?? 0);
      expect(box.top).toBeGreaterThanOrEqual(0);
      expect(box.bottom).toBeLessThanOrEqual(height ?? 0);
      const covers = boxes
        .slice(index + 1)
        .filter((other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom);
      expect(covers).toEqual([]);
    }
  });
  it("can be empty", () => {
    expect(writeSvg({ ...figure, nodes: [], edges: [] })).not.toMatch(/Infinity|NaN/);
  });
});
