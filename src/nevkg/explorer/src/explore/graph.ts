// The graph and its steps. Functions are pure: each step returns a new graph.
import type { Source } from "../api/types";
import { type Edge, type Node, type Part, type Spell, short } from "./data";
import { ANY, NEAREST, type Step, type Story } from "./steps";

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

/** The loaded parts, by entity, projection and path. */
export interface Parts {
  readonly thing: (name: string) => Part | undefined;
  readonly projection: Part | undefined;
  readonly path: (step: Step) => Part | undefined;
}

/** Returns the graph that results from the steps. */
export function buildGraph(story: Story, parts: Parts): Graph {
  let graph = parts.projection ? merge(EMPTY, parts.projection, parts.projection.nodes) : EMPTY;
  for (const name of story.things) {
    const part = parts.thing(name);
    if (part) graph = grow(add(graph, part), part, ANY, NEAREST);
  }
  return story.steps.reduce((before, step) => take(before, step, parts), graph);
}

function take(graph: Graph, step: Step, parts: Parts): Graph {
  switch (step.do) {
    case "add": {
      const part = parts.thing(step.name);
      return part ? add(graph, part) : graph;
    }
    case "grow": {
      const part = parts.thing(step.name);
      return part ? grow(graph, part, step.kind, step.count) : graph;
    }
    case "path": {
      const part = parts.path(step);
      return part ? withPath(graph, part) : graph;
    }
    case "fold":
      return fold(graph, step.name);
    case "hide":
      return hide(graph, step.name);
  }
}

function merge(graph: Graph, part: Part, nodes: readonly Node[], parent?: string): Graph {
  const all = new Map(graph.nodes);
  const parents = new Map(graph.parents);
  for (const node of nodes) {
    if (!all.has(node.name) && parent !== undefined) parents.set(node.name, parent);
    all.set(node.name, { ...node, facts: { ...all.get(node.name)?.facts, ...node.facts } });
  }
  const edges = new Map(graph.edges);
  for (const edge of part.edges) edges.set(edge.id, mergeEdges(edges.get(edge.id), edge));
  const sources = new Map([...graph.sources, ...part.sources.map((source): [string, Source] => [source.iri, source])]);
  return { ...graph, nodes: all, parents, edges, sources, asOf: graph.asOf || part.asOf };
}

/** Merges what two requests return for one edge. */
function mergeEdges(one: Edge | undefined, other: Edge): Edge {
  if (!one) return other;
  const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])];
  const spells = new Map(
    [...one.spells, ...other.spells].map((spell): [string, Spell] => [JSON.stringify([spell.from, spell.until]), spell]),
  );
  return {
    ...one,
    spells: [...spells.values()],
    facts: { ...one.facts, ...other.facts },
    evidence: union(one.evidence, other.evidence),
    sources: union(one.sources, other.sources),
  };
}

export function add(graph: Graph, part: Part): Graph {
  const [own] = part.nodes;
  if (!own) return graph;
  const hidden = new Set(graph.hidden);
  hidden.delete(own.name);
  return merge({ ...graph, hidden, roots: new Set([...graph.roots, own.name]) }, part, [own]);
}

/** A class of neighbours: how many exist, how many are displayed, and how many the user has hidden. */
export interface Kin {
  readonly kind: Node["kind"];
  readonly color: string;
  readonly total: number;
  readonly shown: number;
  readonly hidden: number;
}

export function kinOf(graph: Graph, part: Part): Kin[] {
  const found = new Map<string, Kin>();
  for (const node of part.nodes.slice(1)) {
    const kin = found.get(node.kind.iri) ?? { kind: node.kind, color: node.color, total: 0, shown: 0, hidden: 0 };
    const [shown, hidden] = [graph.nodes.has(node.name), graph.hidden.has(node.name)];
    found.set(node.kind.iri, { ...kin, total: kin.total + 1, shown: kin.shown + Number(shown), hidden: kin.hidden + Number(hidden) });
  }
  return [...found.values()];
}

/** Adds neighbours of a class, or some of each class, so that no class displaces the others. */
export function grow(graph: Graph, part: Part, kind: string, count: number): Graph {
  const [own, ...others] = part.nodes;
  if (!own) return graph;
  const fresh = others.filter((node) => !graph.nodes.has(node.name) && !graph.hidden.has(node.name));
  const wanted = kind === ANY ? alternateKinds(fresh) : fresh.filter((node) => short(node.kind.iri) === kind);
  return merge(graph, part, [own, ...wanted.slice(0, count)], own.name);
}

function alternateKinds(nodes: readonly Node[]): Node[] {
  const kinds = new Map<string, Node[]>();
  for (const node of nodes) kinds.set(node.kind.iri, [...(kinds.get(node.kind.iri) ?? []), node]);
  const longest = Math.max(0, ...[...kinds.values()].map((those) => those.length));
  return Array.from({ length: longest }, (_, place) => [...kinds.values()].flatMap((those) => those[place] ?? [])).flat();
}

function withPath(graph: Graph, part: Part): Graph {
  const onPath = new Set([...graph.onPath, ...part.edges.map((edge) => edge.id)]);
  const added = merge({ ...graph, onPath, roots: new Set([...graph.roots, ...part.nodes.map((node) => node.name)]) }, part, part.nodes);
  const hidden = new Set(graph.hidden);
  for (const node of part.nodes) hidden.delete(node.name);
  return { ...added, hidden };
}

/** Returns the neighbours of each node over visible edges. */
export function findNeighbours(graph: Pick<Graph, "nodes" | "edges">): Map<string, Set<string>> {
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

function removeNodes(graph: Graph, gone: ReadonlySet<string>): Graph {
  const keep = <V>(of: ReadonlyMap<string, V>) => new Map([...of].filter(([name]) => !gone.has(name)));
  return {
    ...graph,
    nodes: keep(graph.nodes),
    parents: keep(graph.parents),
    roots: new Set([...graph.roots].filter((one) => !gone.has(one))),
  };
}
