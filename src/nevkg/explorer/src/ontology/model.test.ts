import { describe, expect, it } from "vitest";
import type { Ontology, Term } from "../api/types";
import { around, column, cut } from "./layout";
import { aboveOf, incoming, modelOf, outgoing, overview, search, tree } from "./model";

type Relations = Readonly<Record<string, readonly string[]>>;

function term(name: string, relations: Relations = {}, more: Partial<Term> = {}): Term {
  const told = Object.entries(relations).map(([relation, names]) => [relation, names.map((one) => ({ iri: `x:${one}`, label: one }))]);
  return { iri: `x:${name}`, name: `x:${name}`, label: name, definition: null, color: null, uses: 0, ...Object.fromEntries(told), ...more };
}

const ontology = {
  classes: [term("A"), term("B", { above: ["A", "outside"] }), term("C", { above: ["B"] }), term("D"), term("Alone")],
  properties: [
    term("ofA", { domain: ["A"], range: ["D"] }),
    term("ofB", { domain: ["B"], valuesFrom: ["scheme"], range: ["Concept"] }),
    term("toC", { domain: ["D"], range: ["C"] }),
    term("loop", { domain: ["C"], range: ["C"] }),
    term("number", { domain: ["C"] }),
  ],
  schemes: [term("scheme")],
  concepts: [],
} as unknown as Ontology;
const model = modelOf(ontology, undefined);

describe("tree", () => {
  it("puts terms below those above them, and what has none there at the top", () => {
    const roots = tree(ontology.classes);
    expect(roots.map((one) => one.term.label)).toEqual(["A", "D", "Alone"]);
    expect(roots[0]?.below[0]?.below[0]?.term.label).toBe("C");
  });
  it("ends where terms stand above each other in a circle", () => {
    const round = [term("top"), term("p", { above: ["q", "top"] }), term("q", { above: ["p"] })];
    expect(tree(round)[0]?.below[0]?.below[0]?.below).toEqual([]);
    expect(aboveOf(modelOf({ ...ontology, classes: round }, undefined), "x:p")).toEqual(["x:q", "x:top"]);
  });
});

describe("properties of a class", () => {
  it("are its own, then those of the classes above", () => {
    expect(outgoing(model, "x:C").map(({ property, at, inherited }) => [property.label, at?.label, inherited])).toEqual([
      ["loop", "C", false],
      ["number", undefined, false],
      ["ofB", "scheme", true],
      ["ofA", "D", true],
    ]);
  });
  it("lead to it, but for those that lead from it", () => {
    expect(incoming(model, "x:C").map(({ property }) => property.label)).toEqual(["toC"]);
  });
});

describe("overview", () => {
  it("joins the topmost classes by the properties of all below", () => {
    const { roots, edges } = overview(model);
    expect(roots.map((one) => one.label)).toEqual(["A", "D"]);
    expect(edges.map(({ from, to, properties }) => [from, to, properties.length])).toEqual([
      ["x:A", "x:D", 1],
      ["x:D", "x:A", 1],
    ]);
  });
});

describe("search", () => {
  const classes = [term("Site", {}, { uses: 1 }), term("X", {}, { label: "on site", definition: "A place", uses: 9 })];
  const two = modelOf({ ...ontology, classes }, { ...ontology, classes: [term("Site", {}, { label: "场址" })] });
  it("finds names, labels of both languages and definitions, the best first", () => {
    expect(search(two, "site").map(({ term }) => term.name)).toEqual(["x:Site", "x:X"]);
    expect(search(two, "场").map(({ term }) => term.name)).toEqual(["x:Site"]);
    expect(search(two, "place").map(({ term }) => term.name)).toEqual(["x:X"]);
    expect(search(two, "  ")).toEqual([]);
  });
});

describe("layout", () => {
  it("makes one box for each end, without overlap", () => {
    const { boxes, height } = column(outgoing(model, "x:C"));
    expect(boxes).toHaveLength(4);
    for (const [place, box] of boxes.entries())
      expect(box.top).toBeGreaterThanOrEqual(place ? (boxes[place - 1]?.top ?? 0) + (boxes[place - 1]?.height ?? 0) : 0);
    expect(height).toBe((boxes.at(-1)?.top ?? 0) + (boxes.at(-1)?.height ?? 0));
    expect(boxes.at(-1)?.at).toBeNull();
  });
  it("spreads places evenly and cuts long labels by their width", () => {
    expect(around(4, 100, 50).map(({ x, y }) => [Math.round(x), Math.round(y)])).toEqual([
      [50, 0],
      [100, 25],
      [50, 50],
      [0, 25],
    ]);
    expect(cut("abcdef", 4)).toBe("abcd…");
    expect(cut("汉字汉字", 4)).toBe("汉字…");
    expect(cut("abcd", 4)).toBe("abcd");
  });
});
