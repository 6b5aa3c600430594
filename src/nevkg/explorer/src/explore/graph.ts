// The graph, and what one can do to it. Pure: each step gives a new graph.
import type { Source } from "../api/types";
import { type Edge, type Node, type Part, type Spell, short } from "./data";
import { ANY, NEAREST, type Step, type Story } from "./steps";

export interface Graph {
  readonly nodes: ReadonlyMap<string, Node>;
  /** All edges that are known, also of nodes that are not shown. */
  readonly edges: ReadonlyMap<string, Edge>;
  /** From which node a node was reached: it is laid out near it. */
  readonly parents: ReadonlyMap<string, string>;
  /** What somebody asked for by name; it stays when its neighbours go. */
  readonly roots: ReadonlySet<string>;
  readonly hidden: ReadonlySet<string>;
  /** Names of edges that lie on a path that was asked for. */
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

/** What steps need: parts by the name of the thing, of the projection and of the path. */
export interface Got {
  readonly thing: (name: string) => Part | undefined;
  readonly projection: Part | undefined;
  readonly path: (step: Step) => Part | undefined;
}

/** The graph to which a story leads. */
export function tell(story: Story, got: Got): Graph {
  let graph = got.projection ? merged(EMPTY, got.projection, got.projection.nodes) : EMPTY;
  for (const name of story.things) {
    const part = got.thing(name);
    if (part) graph = grow(add(graph, part), part, ANY, NEAREST);
  }
  return story.steps.reduce((before, step) => take(before, step, got), graph);
}

function take(graph: Graph, step: Step, got: Got): Graph {
  switch (step.do) {
    case "add": {
      const part = got.thing(step.name);
      return part ? add(graph, part) : graph;
    }
    case "grow": {
      const part = got.thing(step.name);
      return part ? grow(graph, part, step.kind, step.count) : graph;
    }
    case "path": {
      const part = got.path(step);
      return part ? withPath(graph, part) : graph;
    }
    case "fold":
      return fold(graph, step.name);
    case "hide":
      return hide(graph, step.name);
  }
}

function merged(graph: Graph, part: Part, nodes: readonly Node[], parent?: string): Graph {
  const all = new Map(graph.nodes);
  const parents = new Map(graph.parents);
  for (const node of nodes) {
    if (!all.has(node.name) && parent !== undefined) parents.set(node.name, parent);
    all.set(node.name, { ...node, facts: { ...all.get(node.name)?.facts, ...node.facts } });
  }
  const edges = new Map(graph.edges);
  for (const edge of part.edges) edges.set(edge.id, both(edges.get(edge.id), edge));
  const sources = new Map([...graph.sources, ...part.sources.map((source): [string, Source] => [source.iri, source])]);
  return { ...graph, nodes: all, parents, edges, sources, asOf: graph.asOf || part.asOf };
}

/** What two requests tell of one edge. */
function both(one: Edge | undefined, other: Edge): Edge {
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
  return merged({ ...graph, hidden, roots: new Set([...graph.roots, own.name]) }, part, [own]);
}

/** A kind of neighbours: how many there are, how many of them are shown or were hidden. */
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

/** So many neighbours more; of all kinds some of each, so that none crowds out the others. */
export function grow(graph: Graph, part: Part, kind: string, count: number): Graph {
  const [own, ...others] = part.nodes;
  if (!own) return graph;
  const fresh = others.filter((node) => !graph.nodes.has(node.name) && !graph.hidden.has(node.name));
  const wanted = kind === ANY ? inTurn(fresh) : fresh.filter((node) => short(node.kind.iri) === kind);
  return merged(graph, part, [own, ...wanted.slice(0, count)], own.name);
}

function inTurn(nodes: readonly Node[]): Node[] {
  const kinds = new Map<string, Node[]>();
  for (const node of nodes) kinds.set(node.kind.iri, [...(kinds.get(node.kind.iri) ?? []), node]);
  const longest = Math.max(0, ...[...kinds.values()].map((those) => those.length));
  return Array.from({ length: longest }, (_, place) => [...kinds.values()].flatMap((those) => those[place] ?? [])).flat();
}

function withPath(graph: Graph, part: Part): Graph {
  const onPath = new Set([...graph.onPath, ...part.edges.map((edge) => edge.id)]);
  const added = merged({ ...graph, onPath, roots: new Set([...graph.roots, ...part.nodes.map((node) => node.name)]) }, part, part.nodes);
  const hidden = new Set(graph.hidden);
  for (const node of part.nodes) hidden.delete(node.name);
  return { ...added, hidden };
}

/** The nodes at the other ends of the edges that are shown. */
export function linked(graph: Pick<Graph, "nodes" | "edges">): Map<string, Set<string>> {
  const found = new Map([...graph.nodes.keys()].map((name): [string, Set<string>] => [name, new Set()]));
  for (const { source, target } of shownEdges(graph)) {
    if (source === target) continue;
    found.get(source)?.add(target);
    found.get(target)?.add(source);
  }
  return found;
}

export function shownEdges(graph: Pick<Graph, "nodes" | "edges">): Edge[] {
  return [...graph.edges.values()].filter((edge) => graph.nodes.has(edge.source) && graph.nodes.has(edge.target));
}

/** What hangs on a node alone, and was not asked for by name. */
export function hanging(graph: Graph, name: string): string[] {
  return [...linked(graph)]
    .filter(([other, links]) => other !== name && !graph.roots.has(other) && links.size === 1 && links.has(name))
    .map(([other]) => other);
}

export function fold(graph: Graph, name: string): Graph {
  return lacking(graph, new Set(hanging(graph, name)));
}

export function hide(graph: Graph, name: string): Graph {
  return graph.nodes.has(name) ? { ...lacking(graph, new Set([name])), hidden: new Set([...graph.hidden, name]) } : graph;
}

function lacking(graph: Graph, gone: ReadonlySet<string>): Graph {
  const kept = <V>(of: ReadonlyMap<string, V>) => new Map([...of].filter(([name]) => !gone.has(name)));
  return {
    ...graph,
    nodes: kept(graph.nodes),
    parents: kept(graph.parents),
    roots: new Set([...graph.roots].filter((one) => !gone.has(one))),
  };
}
