import { describe, expect, it } from "vitest";
import { changesOf } from "./changes";
import { type Edge, edgeId, type Node, type Part } from "./data";
import { filtered, holds } from "./filter";
import { buildGraph, EMPTY, findVisibleEdges, fold, type Graph, grow, hide, kinOf } from "./graph";
import type { Story } from "./steps";

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
  nodes: [node(centre, "x#Maker"), ...names.map((name, place) => node(name, kinds[place]))],
  edges: names.map((name) => edge(centre, name)),
  sources: [],
  asOf: "2026-01-01",
});
const parts: Readonly<Record<string, Part>> = { a: star("a", ["b", "c", "d"]), b: star("b", ["a", "c", "e"]) };
const got = { thing: (name: string) => parts[name], projection: undefined, path: () => undefined };
const story = (steps: Story["steps"], things: string[] = ["a"]): Story => ({ things, from: "", steps });
const names = (graph: Graph) => [...graph.nodes.keys()].sort().join("");

describe("a story", () => {
  it("begins with a thing and its neighbours", () => {
    expect(names(buildGraph(story([]), got))).toBe("abcd");
  });
  it("grows without what is shown already, but with its edges", () => {
    const graph = buildGraph(story([{ do: "grow", name: "b", kind: "*", count: 25 }]), got);
    expect(names(graph)).toBe("abcde");
    expect(findVisibleEdges(graph).map((one) => one.id)).toContain("b at c");
    expect(graph.parents.get("e")).toBe("b");
    expect(graph.parents.get("c")).toBe("a");
  });
  it("never brings back what was hidden, unless it is params for by name", () => {
    const hidden: Story["steps"] = [
      { do: "hide", name: "c" },
      { do: "grow", name: "b", kind: "*", count: 25 },
    ];
    expect(names(buildGraph(story(hidden), got))).toBe("abde");
    const own = { ...got, thing: (name: string) => parts[name] ?? star(name, []) };
    expect(names(buildGraph(story([...hidden, { do: "add", name: "c" }]), own))).toBe("abcde");
  });
  it("is undone by leaving out its last step", () => {
    const steps: Story["steps"] = [{ do: "grow", name: "b", kind: "*", count: 25 }];
    expect(buildGraph(story(steps.slice(0, -1)), got)).toEqual(buildGraph(story([]), got));
  });
  it("passes over things of which nothing came", () => {
    expect(names(buildGraph(story([{ do: "grow", name: "zz", kind: "*", count: 1 }]), got))).toBe("abcd");
    expect(buildGraph(story([], ["zz"]), got)).toEqual(EMPTY);
  });
});

describe("growing", () => {
  it("takes of all kinds some, and of one kind only those", () => {
    const part = star("m", ["p1", "p2", "p3", "q1"], ["x#Plant", "x#Plant", "x#Plant", "x#City"]);
    expect([...grow(EMPTY, part, "*", 2).nodes.keys()]).toEqual(["m", "p1", "q1"]);
    const two = grow(EMPTY, part, "Plant", 2);
    expect([...two.nodes.keys()]).toEqual(["m", "p1", "p2"]);
    expect([...grow(two, part, "Plant", 2).nodes.keys()]).toEqual(["m", "p1", "p2", "p3"]);
    expect(kinOf(hide(two, "p1"), part).map((kin) => [kin.total, kin.shown, kin.hidden])).toEqual([
      [3, 1, 1],
      [1, 0, 0],
    ]);
  });
});

describe("collapsing", () => {
  it("removes the nodes that only one node links, but no others, and none that the user added", () => {
    const graph = buildGraph(story([{ do: "grow", name: "b", kind: "*", count: 25 }]), got);
    expect(names(fold(graph, "b"))).toBe("abcd");
    expect(names(fold(graph, "a"))).toBe("abce");
    expect(names(fold(buildGraph(story([], ["a", "b"]), got), "b"))).toBe("abcd");
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
  const all = { days: null, kinds: new Set<string>(), source: "" };
  const namesOf = (filter: Parameters<typeof filtered>[1]) => {
    const { nodes, edges } = filtered(graph, filter);
    return [nodes.map((one) => one.name).join(""), edges.map((one) => one.id).join()];
  };
  it("show an edge from its first day until before its last", () => {
    const [first] = [...graph.edges.values()] as [Edge];
    expect(["2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01"].map((day) => holds(first, day))).toEqual([false, true, true, false]);
  });
  it("take a node with its last edge, and leave one that never had any", () => {
    expect(namesOf(all)).toEqual(["abcd", "a at b,b at c"]);
    expect(namesOf({ ...all, days: ["2020-06-01"] })).toEqual(["abd", "a at b"]);
    expect(namesOf({ ...all, source: "s2" })).toEqual(["bcd", "b at c"]);
    expect(namesOf({ ...all, kinds: new Set(["x#Plant"]) })).toEqual(["d", ""]);
  });
});

describe("links on two days", () => {
  it("appear, end or stay; those of neither day are left out", () => {
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
