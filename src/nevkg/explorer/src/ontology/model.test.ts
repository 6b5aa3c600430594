import { describe, expect, it } from "vitest";
import type { Ontology, Term } from "../api/types";
import { ellipsePoints, layoutColumn } from "./diagram";
import { ancestorsOf, buildModel, buildTree, incoming, outgoing, overviewOf } from "./model";

type Relations = Readonly<Record<string, readonly string[]>>;

function term(name: string, relations: Relations = {}, more: Partial<Term> = {}): Term {
  const related = Object.entries(relations).map(([relation, names]) => [relation, names.map((label) => ({ iri: `x:${label}`, label }))]);
  return {
    iri: `x:${name}`,
    name: `x:${name}`,
    label: name,
    definition: null,
    color: null,
    uses: 0,
    ...Object.fromEntries(related),
    ...more,
  };
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
const model = buildModel(ontology);

describe("buildTree", () => {
  it("puts terms below their broader terms, and terms without one at the top", () => {
    const roots = buildTree(ontology.classes);
    expect(roots.map(({ term }) => term.label)).toEqual(["A", "D", "Alone"]);
    expect(roots[0]?.children[0]?.children[0]?.term.label).toBe("C");
  });
  it("ends if broader terms form a cycle", () => {
    const cycle = [term("top"), term("p", { above: ["q", "top"] }), term("q", { above: ["p"] })];
    expect(buildTree(cycle)[0]?.children[0]?.children[0]?.children).toEqual([]);
    expect(ancestorsOf(buildModel({ ...ontology, classes: cycle }), "x:p")).toEqual(["x:q", "x:top"]);
  });
});

describe("properties of a class", () => {
  it("are its own, then those of its superclasses", () => {
    expect(outgoing(model, "x:C").map(({ property, end, isInherited }) => [property.label, end?.label, isInherited])).toEqual([
      ["loop", "C", false],
      ["number", undefined, false],
      ["ofB", "scheme", true],
      ["ofA", "D", true],
    ]);
  });
  it("point to it, without those that start from it", () => {
    expect(incoming(model, "x:C").map(({ property }) => property.label)).toEqual(["toC"]);
  });
});

describe("overview", () => {
  it("connects root classes by the properties of all their subclasses", () => {
    const { roots, edges } = overviewOf(model);
    expect(roots.map(({ label }) => label)).toEqual(["A", "D"]);
    expect(edges.map(({ from, to, properties }) => [from, to, properties.length])).toEqual([
      ["x:A", "x:D", 1],
      ["x:D", "x:A", 1],
    ]);
  });
});

describe("layout", () => {
  it("creates one box for each class, without overlap", () => {
    const { boxes, height } = layoutColumn(outgoing(model, "x:C"));
    expect(boxes).toHaveLength(4);
    for (const [index, box] of boxes.entries())
      expect(box.top).toBeGreaterThanOrEqual(index ? (boxes[index - 1]?.top ?? 0) + (boxes[index - 1]?.height ?? 0) : 0);
    expect(height).toBe((boxes.at(-1)?.top ?? 0) + (boxes.at(-1)?.height ?? 0));
    expect(boxes.at(-1)?.end).toBeNull();
  });
  it("spaces points evenly", () => {
    expect(ellipsePoints(4, 100, 50).map(({ x, y }) => [Math.round(x), Math.round(y)])).toEqual([
      [50, 0],
      [100, 25],
      [50, 50],
      [0, 25],
    ]);
  });
});
