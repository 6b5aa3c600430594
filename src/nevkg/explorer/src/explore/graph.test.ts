import { describe, expect, it } from "vitest";
import { changesOf } from "./controls";
import { type Edge, edgeId, type Node, type Part } from "./data";
import {
  buildGraph,
  countDrawn,
  countNeighbours,
  EMPTY,
  filterGraph,
  findVisibleEdges,
  fold,
  type Graph,
  grow,
  hide,
  holds,
} from "./graph";
import type { Exploration } from "./steps";

const node = (name: string, kind = "x#Plant"): Node => ({
  name,
  iri: `i:${name}`,
  label: name,
  kind: { iri: kind, label: kind },
  color: "#112233",
  facts: {},
});
const edge = (source: string, target: string, from: string | null = null, until: string | null = null, sources: string[] = []): Edge => ({
  id: edgeId(source, "x#at", target),
  source,
  target,
  relation: { iri: "x#at", label: "at" },
  spells: from || until ? [{ from, until }] : [],
  facts: {},
  evidence: [],
  sources,
});
const star = (centre: string, names: readonly string[], kinds: readonly string[] = []): Part => ({
  nodes: [node(centre, "x#Maker"), ...names.map((name, index) => node(name, kinds[index]))],
  edges: names.map((name) => edge(centre, name)),
  sources: [],
  asOf: "2026-01-01",
});
const partsByName: Readonly<Record<string, Part>> = {
  a: star("a", ["b", "c", "d"]),
  b: star("b", ["a", "c", "e"]),
  e: star("e", ["b"]),
};
const parts = { neighbours: (name: string) => partsByName[name], projection: undefined, path: () => undefined };
const explore = (steps: Exploration["steps"], entities: string[] = ["a"]): Exploration => ({ entities, projection: "", steps });
const names = (graph: Graph) => [...graph.nodes.keys()].sort().join("");

describe("a graph", () => {
  it("starts with an entity and its neighbours", () => {
    expect(names(buildGraph(explore([]), parts))).toBe("abcd");
  });
  it("gets new nodes when a node is expanded, and edges to existing nodes", () => {
    const graph = buildGraph(explore([{ do: "grow", name: "b", kind: "*", count: 25 }]), parts);
    expect(names(graph)).toBe("abcde");
    expect(findVisibleEdges(graph).map(({ id }) => id)).toContain("b at c");
    expect(graph.parents.get("e")).toBe("b");
    expect(graph.parents.get("c")).toBe("a");
  });
  it("does not add a hidden node again, except by name", () => {
    const hidden: Exploration["steps"] = [
      { do: "hide", name: "c" },
      { do: "grow", name: "b", kind: "*", count: 25 },
    ];
    expect(names(buildGraph(explore(hidden), parts))).toBe("abde");
    const withEmptyParts = { ...parts, neighbours: (name: string) => partsByName[name] ?? star(name, []) };
    expect(names(buildGraph(explore([...hidden, { do: "add", name: "c" }]), withEmptyParts))).toBe("abcde");
  });
  it("is as before without its last step", () => {
    const steps: Exploration["steps"] = [{ do: "grow", name: "b", kind: "*", count: 25 }];
    expect(buildGraph(explore(steps.slice(0, -1)), parts)).toEqual(buildGraph(explore([]), parts));
  });
  it("ignores entities that are not loaded", () => {
    expect(names(buildGraph(explore([{ do: "grow", name: "zz", kind: "*", count: 1 }]), parts))).toBe("abcd");
    expect(buildGraph(explore([], ["zz"]), parts)).toEqual(EMPTY);
  });
});

describe("expanding", () => {
  it("adds nodes of each class, or of one class only", () => {
    const part = star("m", ["p1", "p2", "p3", "q1"], ["x#Plant", "x#Plant", "x#Plant", "x#City"]);
    expect([...grow(EMPTY, part, "*", 2).nodes.keys()]).toEqual(["m", "p1", "q1"]);
    const two = grow(EMPTY, part, "Plant", 2);
    expect([...two.nodes.keys()]).toEqual(["m", "p1", "p2"]);
    expect([...grow(two, part, "Plant", 2).nodes.keys()]).toEqual(["m", "p1", "p2", "p3"]);
    expect(countNeighbours(hide(two, "p1"), part).map((count) => [count.total, count.shown, count.hidden])).toEqual([
      [3, 1, 1],
      [1, 0, 0],
    ]);
  });
});

describe("large nodes", () => {
  it("are added after one node of each class", () => {
    const part = star("m", ["p1", "p2", "p3", "q1", "q2"], ["x#Plant", "x#Plant", "x#Plant", "x#City", "x#City"]);
    const sized = { ...part, nodes: part.nodes.map((one) => (one.name === "p3" ? { ...one, size: 5 } : one)) };
    expect([...grow(EMPTY, sized, "*", 4).nodes.keys()]).toEqual(["m", "p1", "q1", "p3", "p2"]);
  });
});

describe("neighbours", () => {
  it("are counted if they are linked on one of the days, and those of them that are drawn", () => {
    const nodes = ["m", "p1", "p2", "q1", "r1"].map((name) => node(name, `x#${name[0]}`));
    const edges = [edge("m", "p1"), edge("m", "p2", "2020-01-01", "2021-01-01"), edge("q1", "m", "2022-01-01"), edge("p1", "r1")];
    const count = (days: readonly string[] | null) =>
      countDrawn({ nodes, edges, sources: [], asOf: "" }, new Set(["m", "p1", "r1"]), days).map(({ kind, total, shown }) => [
        kind.iri,
        shown,
        total,
      ]);
    expect(count(null)).toEqual([
      ["x#p", 1, 2],
      ["x#q", 0, 1],
    ]);
    expect(count(["2022-06-01"])).toEqual([
      ["x#p", 1, 1],
      ["x#q", 0, 1],
    ]);
  });
});

describe("collapsing", () => {
  it("removes the nodes that are only linked to the node, except those that the user added", () => {
    const graph = buildGraph(explore([{ do: "grow", name: "b", kind: "*", count: 25 }]), parts);
    expect(names(fold(graph, "b"))).toBe("abcd");
    expect(names(fold(graph, "a"))).toBe("abce");
    expect(names(fold(buildGraph(explore([], ["a", "b"]), parts), "b"))).toBe("abcd");
    expect(names(fold(buildGraph(explore([], ["a", "b", "e"]), parts), "b"))).toBe("abcde");
  });
});

describe("filters", () => {
  const graph: Graph = {
    ...EMPTY,
    nodes: new Map(["a", "b", "c", "d"].map((name) => [name, node(name, name === "d" ? "x#City" : "x#Plant")])),
    edges: new Map(
      [edge("a", "b", "2020-01-01", "2021-01-01", ["s1"]), edge("b", "c", "2021-01-01", null, ["s2"])].map((one) => [one.id, one]),
    ),
  };
  const all = { days: null, hiddenKinds: new Set<string>(), source: "" };
  const namesOf = (filter: Parameters<typeof filterGraph>[1]) => {
    const { nodes, edges } = filterGraph(graph, filter);
    return [nodes.map(({ name }) => name).join(""), edges.map(({ id }) => id).join()];
  };
  it("show an edge from its first day until before its last", () => {
    const [first] = [...graph.edges.values()] as [Edge];
    expect(["2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01"].map((day) => holds(first, day))).toEqual([false, true, true, false]);
  });
  it("hide a node whose edges are all hidden, but not one without edges", () => {
    expect(namesOf(all)).toEqual(["abcd", "a at b,b at c"]);
    expect(namesOf({ ...all, days: ["2020-06-01"] })).toEqual(["abd", "a at b"]);
    expect(namesOf({ ...all, source: "s2" })).toEqual(["bcd", "b at c"]);
    expect(namesOf({ ...all, hiddenKinds: new Set(["x#Plant"]) })).toEqual(["d", ""]);
  });
});

describe("links on two days", () => {
  it("appear, end or stay the same; those of neither day are left out", () => {
    const edges = [
      edge("a", "new", "2020-01-01"),
      edge("a", "old", "2010-01-01", "2021-01-01"),
      edge("a", "both", "2010-01-01"),
      edge("a", "later", "2030-01-01"),
      edge("a", "undated"),
    ];
    expect([...changesOf(edges, ["2015-01-01", "2025-01-01"]).values()]).toEqual(["appeared", "ended", "same", "same"]);
  });
});
