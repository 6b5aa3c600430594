// The graph, its steps and its filters. Functions are pure: each step returns a new graph.

import type { Source } from "../api/types";
import { countBy } from "../ui/values";
import { type Edge, type Node, type Part, type Spell, short } from "./data";
import { ANY, type Exploration, NEIGHBOUR_COUNT, type Step } from "./steps";

export interface Graph {
  readonly nodes: ReadonlyMap<string, Node>;
  /** All loaded edges, including those of nodes that are not displayed. */
  readonly edges: ReadonlyMap<string, Edge>;
  /** The node from which a node was expanded; the layout places it nearby. */
  readonly parents: ReadonlyMap<string, string>;
  /** Nodes that the user added by name; they remain when their neighbours are removed. */
  readonly roots: ReadonlySet<string>;
  readonly hidden: ReadonlySet<string>;
  /** Names of edges on a path that the user searched for. */
  readonly onPath: ReadonlySet<string>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly asOf: string;
}

export const EMPTY: Graph = {
  nodes: new Map(),
  edges: new Map(),
  parents: new Map(),
  roots: new Set(),
  hidden: new Set(),
  onPath: new Set(),
  sources: new Map(),
  asOf: "",
};

/** The loaded parts. */
interface Parts {
  readonly neighbours: (name: string) => Part | undefined;
  readonly projection: Part | undefined;
  readonly path: (step: Step) => Part | undefined;
}

/** Returns the graph that results from the steps. */
export function buildGraph({ entities, steps }: Exploration, parts: Parts): Graph {
  let graph = parts.projection ? merge(EMPTY, parts.projection, parts.projection.nodes) : EMPTY;
  for (const name of entities) {
    const part = parts.neighbours(name);
    if (part) graph = grow(add(graph, part), part, ANY, NEIGHBOUR_COUNT);
  }
  return steps.reduce((before, step) => applyStep(before, step, parts), graph);
}

function applyStep(graph: Graph, step: Step, parts: Parts): Graph {
  switch (step.do) {
    case "add": {
      const part = parts.neighbours(step.name);
      return part ? add(graph, part) : graph;
    }
    case "grow": {
      const part = parts.neighbours(step.name);
      return part ? grow(graph, part, step.kind, step.count) : graph;
    }
    case "path": {
      const part = parts.path(step);
      return part ? addPath(graph, part) : graph;
    }
    case "fold":
      return fold(graph, step.name);
    case "hide":
      return hide(graph, step.name);
  }
}

function merge(graph: Graph, part: Part, nodes: readonly Node[], parent?: string): Graph {
  const merged = new Map(graph.nodes);
  const parents = new Map(graph.parents);
  for (const node of nodes) {
    if (!merged.has(node.name) && parent !== undefined) parents.set(node.name, parent);
    merged.set(node.name, { ...node, facts: { ...merged.get(node.name)?.facts, ...node.facts } });
  }
  const edges = new Map(graph.edges);
  for (const edge of part.edges) edges.set(edge.id, mergeEdges(edges.get(edge.id), edge));
  const sources = new Map([...graph.sources, ...part.sources.map((source): [string, Source] => [source.iri, source])]);
  return { ...graph, nodes: merged, parents, edges, sources, asOf: graph.asOf || part.asOf };
}

/** Merges the data of an edge from two requests. */
function mergeEdges(edge: Edge | undefined, other: Edge): Edge {
  if (!edge) return other;
  const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])];
  const spells = new Map(
    [...edge.spells, ...other.spells].map((spell): [string, Spell] => [JSON.stringify([spell.from, spell.until]), spell]),
  );
  return {
    ...edge,
    spells: [...spells.values()],
    facts: { ...edge.facts, ...other.facts },
    evidence: union(edge.evidence, other.evidence),
    sources: union(edge.sources, other.sources),
  };
}

function add(graph: Graph, part: Part): Graph {
  const [own] = part.nodes;
  if (!own) return graph;
  const hidden = new Set(graph.hidden);
  hidden.delete(own.name);
  return merge({ ...graph, hidden, roots: new Set([...graph.roots, own.name]) }, part, [own]);
}

/** A class of neighbours: how many exist, how many are displayed, and how many the user has hidden. */
interface NeighbourCount {
  readonly kind: Node["kind"];
  readonly color: string;
  readonly total: number;
  readonly shown: number;
  readonly hidden: number;
}

/** Counts the neighbours of each class; the first node of the part is the entity. */
export function countNeighbours(graph: Graph, part: Part): NeighbourCount[] {
  const counts = new Map<string, NeighbourCount>();
  for (const node of part.nodes.slice(1)) {
    const count = counts.get(node.kind.iri) ?? { kind: node.kind, color: node.color, total: 0, shown: 0, hidden: 0 };
    counts.set(node.kind.iri, {
      ...count,
      total: count.total + 1,
      shown: count.shown + Number(graph.nodes.has(node.name)),
      hidden: count.hidden + Number(graph.hidden.has(node.name)),
    });
  }
  return [...counts.values()];
}

/** Counts the neighbours of each class that are linked with the entity on some days, and those of them that are drawn. */
export function countDrawn(
  part: Part,
  drawn: ReadonlySet<string>,
  days: Filter["days"],
): Pick<NeighbourCount, "kind" | "total" | "shown">[] {
  const name = part.nodes[0]?.name ?? "";
  const edges = part.edges.filter((edge) => (edge.source === name || edge.target === name) && holdsOn(edge, days));
  const linked = new Set(edges.flatMap(({ source, target }) => [source, target]));
  const neighbours = part.nodes.slice(1).filter(({ name }) => linked.has(name));
  return [...Map.groupBy(neighbours, ({ kind }) => kind.iri).values()].map((nodes) => ({
    kind: (nodes[0] as Node).kind,
    total: nodes.length,
    shown: nodes.filter(({ name }) => drawn.has(name)).length,
  }));
}

/** Adds neighbours of a class, or some of each class, so that no class displaces the others. */
export function grow(graph: Graph, part: Part, kind: string, count: number): Graph {
  const [own, ...others] = part.nodes;
  if (!own) return graph;
  const fresh = others.filter((node) => !graph.nodes.has(node.name) && !graph.hidden.has(node.name));
  const candidates = kind === ANY ? alternateKinds(fresh) : fresh.filter((node) => short(node.kind.iri) === kind);
  return merge(graph, part, [own, ...candidates.slice(0, count)], own.name);
}

/** Orders nodes so that one of each class comes first, then the largest, then the others, whose classes alternate. */
function alternateKinds(nodes: readonly Node[]): Node[] {
  const groups = [...Map.groupBy(nodes, (node) => node.kind.iri).values()];
  const longest = Math.max(0, ...groups.map((group) => group.length));
  const [first = [], ...rest] = Array.from({ length: longest }, (_, index) => groups.flatMap((group) => group[index] ?? []));
  return [...first, ...rest.flat().sort((a, b) => (b.size ?? 0) - (a.size ?? 0))];
}

function addPath(graph: Graph, part: Part): Graph {
  const onPath = new Set([...graph.onPath, ...part.edges.map((edge) => edge.id)]);
  const added = merge({ ...graph, onPath, roots: new Set([...graph.roots, ...part.nodes.map((node) => node.name)]) }, part, part.nodes);
  const hidden = new Set(graph.hidden);
  for (const node of part.nodes) hidden.delete(node.name);
  return { ...added, hidden };
}

/** Returns the neighbours of each node over visible edges. */
function findNeighbours(graph: Pick<Graph, "nodes" | "edges">): Map<string, Set<string>> {
  const found = new Map([...graph.nodes.keys()].map((name): [string, Set<string>] => [name, new Set()]));
  for (const { source, target } of findVisibleEdges(graph)) {
    if (source === target) continue;
    found.get(source)?.add(target);
    found.get(target)?.add(source);
  }
  return found;
}

export function findVisibleEdges(graph: Pick<Graph, "nodes" | "edges">): Edge[] {
  return [...graph.edges.values()].filter((edge) => graph.nodes.has(edge.source) && graph.nodes.has(edge.target));
}

/** Returns the nodes whose only neighbour is this node, except those that the user added by name. */
export function findLeaves(graph: Graph, name: string): string[] {
  return [...findNeighbours(graph)]
    .filter(([other, links]) => other !== name && !graph.roots.has(other) && links.size === 1 && links.has(name))
    .map(([other]) => other);
}

export function fold(graph: Graph, name: string): Graph {
  return removeNodes(graph, new Set(findLeaves(graph, name)));
}

export function hide(graph: Graph, name: string): Graph {
  return graph.nodes.has(name) ? { ...removeNodes(graph, new Set([name])), hidden: new Set([...graph.hidden, name]) } : graph;
}

function removeNodes(graph: Graph, names: ReadonlySet<string>): Graph {
  const filter = <V>(map: ReadonlyMap<string, V>) => new Map([...map].filter(([name]) => !names.has(name)));
  return {
    ...graph,
    nodes: filter(graph.nodes),
    parents: filter(graph.parents),
    roots: new Set([...graph.roots].filter((name) => !names.has(name))),
  };
}

interface Filter {
  /** ISO days, on one of which a link must hold; null for all times. */
  readonly days: readonly string[] | null;
  readonly hiddenKinds: ReadonlySet<string>; // IRIs
  readonly source: string; // IRI; empty for all sources
}

export interface FilteredGraph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** Whether a link holds on a day. An undated link always holds. */
export function holds(edge: Edge, day: string): boolean {
  if (!edge.spells.length) return true;
  return edge.spells.some(({ from, until }) => (!from || from <= day) && (!until || until > day));
}

function holdsOn(edge: Edge, days: Filter["days"]): boolean {
  return days === null || days.some((day) => holds(edge, day));
}

export function filterGraph(graph: Graph, { days, hiddenKinds, source }: Filter): FilteredGraph {
  const visible = findVisibleEdges(graph);
  const isVisible = (name: string) => !hiddenKinds.has(graph.nodes.get(name)?.kind.iri ?? "");
  const edges = visible.filter(
    (edge) => isVisible(edge.source) && isVisible(edge.target) && holdsOn(edge, days) && (!source || edge.sources.includes(source)),
  );
  const endsOf = (edges: readonly Edge[]) => new Set(edges.flatMap((edge) => [edge.source, edge.target]));
  const [linked, linkedBefore] = [endsOf(edges), endsOf(visible)];
  // A node whose edges are all filtered out is hidden, unless the user added it by name. A node without any edges stays.
  const nodes = [...graph.nodes.values()].filter(
    ({ name }) => isVisible(name) && (linked.has(name) || graph.roots.has(name) || !linkedBefore.has(name)),
  );
  return { nodes, edges };
}

export interface KindCount {
  readonly kind: Node["kind"];
  readonly color: string;
  readonly count: number;
}

/** Counts the nodes of each class, the most frequent first. */
export function countKinds(nodes: Iterable<Node>): KindCount[] {
  const counts = new Map<string, KindCount>();
  for (const { kind, color } of nodes) counts.set(kind.iri, { kind, color, count: (counts.get(kind.iri)?.count ?? 0) + 1 });
  return [...counts.values()].sort((a, b) => b.count - a.count || (a.kind.label < b.kind.label ? -1 : 1));
}

/** Counts the edges of each source, the most frequent first. */
export function countSources(graph: Graph): { iri: string; count: number }[] {
  const counts = countBy(findVisibleEdges(graph).flatMap(({ sources }) => sources));
  return [...counts].map(([iri, count]) => ({ iri, count })).sort((a, b) => b.count - a.count || (a.iri < b.iri ? -1 : 1));
}

/** Returns the days on which links begin or end, in order. */
export function changeDays(graph: Graph): string[] {
  const days = findVisibleEdges(graph).flatMap((edge) => edge.spells.flatMap(({ from, until }) => [from, until]));
  return [...new Set(days.filter((day): day is string => /^\d{4}-\d{2}-\d{2}/.test(day ?? "")))].sort();
}
