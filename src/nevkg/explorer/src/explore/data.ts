// Responses of the API with graphs, and their conversion to nodes and edges.

import type { Ontology, Scalar, Source, Thing } from "../api/types";
import { countBy } from "../ui/values";

/** Whether this is the build for one HTML file, which has a graph with its data but no server. */
export const IS_STANDALONE: boolean = import.meta.env.MODE === "graph-file";

export interface Spell {
  readonly from: string | null;
  readonly until: string | null;
}
export type Facts = Readonly<Record<string, Scalar | readonly Scalar[]>>;

/** An entity or a value. `name` is its short name, or another unique text. */
export interface Node {
  readonly name: string;
  readonly iri: string;
  readonly label: string;
  readonly kind: Thing;
  readonly color: string;
  readonly facts: Facts;
  /** What nodes of several classes are compared by, if it is known. */
  readonly size?: number;
}

export interface Edge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly relation: Thing;
  readonly spells: readonly Spell[];
  readonly facts: Facts;
  readonly evidence: readonly string[];
  readonly sources: readonly string[];
}

/** The part of a graph from one request: nodes and edges in a fixed order, the sources of edges, and the day of the dataset. */
export interface Part {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly sources: readonly Source[];
  readonly asOf: string;
  /** The steps of each path, in order; each step is one or more parallel edges. */
  readonly paths?: readonly (readonly (readonly Edge[])[])[];
}

interface NamedThing extends Thing {
  readonly name: string;
  readonly size?: number;
}
export interface Neighbours {
  readonly self: NamedThing & { readonly kind: Thing; readonly color: string };
  readonly asOf: string;
  readonly groups: readonly {
    readonly kind: Thing;
    readonly color: string;
    readonly truncated: boolean;
    readonly nodes: readonly NamedThing[];
  }[];
  readonly edges: readonly {
    readonly subject: string;
    readonly relation: Thing;
    readonly object: string;
    readonly spells: readonly Spell[];
    readonly facts: Facts;
    readonly evidence: readonly string[];
    readonly sources: readonly string[];
  }[];
  readonly sources: readonly Source[];
}

/** A projection as node-link JSON. Nodes and edges also have their attributes as members. */
export interface NodeLinkGraph {
  readonly graph: { readonly title: string; readonly as_of: string; readonly sources: readonly Source[] };
  readonly nodes: readonly (Facts & { readonly id: string; readonly iri: string; readonly label: string })[];
  readonly edges: readonly (Facts & {
    readonly source: string;
    readonly target: string;
    readonly spells: unknown;
    readonly evidence: readonly string[];
    readonly sources: readonly string[];
  })[];
}

interface PathStep {
  readonly path: number;
  readonly step: number;
  readonly subject: Thing;
  readonly relation: Thing;
  readonly object: Thing;
  readonly from: string | null;
  readonly until: string | null;
  readonly sources: readonly Thing[] | null;
  readonly evidence: string | null;
}
export interface Paths {
  readonly from: string;
  readonly to: string;
  readonly asOf: string;
  readonly steps: readonly PathStep[];
  readonly sources: readonly Source[];
}

/** Returns the last part of an IRI, as used in addresses. */
export function short(iri: string): string {
  return iri.slice(Math.max(iri.lastIndexOf("#"), iri.lastIndexOf("/")) + 1) || iri;
}

export function edgeId(source: string, relation: string, target: string): string {
  return `${source} ${short(relation)} ${target}`;
}

/** Counts the ends of edges at each node. */
export function countLinks(edges: readonly Edge[]): Map<string, number> {
  return countBy(edges.flatMap(({ source, target }) => [source, target]));
}

/** Converts the neighbours of an entity. The first node is the entity; its neighbours follow, grouped by class. */
export function convertNeighbours(neighbours: Neighbours): Part {
  const nodes: Node[] = [
    { ...neighbours.self, facts: {} },
    ...neighbours.groups.flatMap((group) => group.nodes.map((node) => ({ ...node, kind: group.kind, color: group.color, facts: {} }))),
  ];
  const names = new Map(nodes.map((node) => [node.iri, node.name]));
  const edges = neighbours.edges.flatMap(({ subject, object, ...edge }) => {
    const [source, target] = [names.get(subject), names.get(object)];
    return source && target ? [{ ...edge, source, target, id: edgeId(source, edge.relation.iri, target) }] : [];
  });
  return { nodes, edges, sources: neighbours.sources, asOf: neighbours.asOf };
}

const NODE_KEYS = new Set(["id", "iri", "label", "class", "color"]);
const EDGE_KEYS = new Set(["source", "target", "key", "label", "relation", "spells", "evidence", "sources", "from", "until"]);

/** Converts a projection. It has only the labels of classes, so their IRIs are looked up in the ontology. */
export function convertProjection({ graph, ...projection }: NodeLinkGraph, classes: Ontology["classes"]): Part {
  const iris = new Map(classes.map(({ label, iri }) => [label, iri]));
  const nodes = projection.nodes.map((node) => {
    const className = textOf(node.class);
    return {
      name: node.id,
      iri: node.iri,
      label: node.label,
      kind: { iri: iris.get(className) ?? className, label: className },
      color: textOf(node.color),
      facts: without(node, NODE_KEYS),
    };
  });
  const edges = projection.edges.map((edge) => {
    const relation = { iri: textOf(edge.relation), label: textOf(edge.label) };
    return {
      id: edgeId(edge.source, relation.iri, edge.target),
      source: edge.source,
      target: edge.target,
      relation,
      spells: edge.spells as readonly Spell[],
      facts: without(edge, EDGE_KEYS),
      evidence: edge.evidence,
      sources: edge.sources,
    };
  });
  return { nodes, edges, sources: graph.sources, asOf: graph.as_of };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function without(facts: Facts, names: ReadonlySet<string>): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !names.has(name)));
}

/** Converts paths between nodes; steps with other nodes are left out. */
export function convertPaths(response: Paths, nodes: readonly Node[]): Part {
  const names = new Map(nodes.map((node) => [node.iri, node.name]));
  const convertStep = (step: PathStep): Edge[] => {
    const [source, target] = [names.get(step.subject.iri), names.get(step.object.iri)];
    if (!source || !target) return [];
    return [
      {
        id: edgeId(source, step.relation.iri, target),
        source,
        target,
        relation: step.relation,
        spells: step.from || step.until ? [{ from: step.from, until: step.until }] : [],
        facts: {},
        evidence: step.evidence ? [step.evidence] : [],
        sources: (step.sources ?? []).map((source) => source.iri),
      },
    ];
  };
  const ordered = [...response.steps].sort((a, b) => a.path - b.path || a.step - b.step);
  const paths = [...Map.groupBy(ordered, ({ path }) => path).values()].map((steps) =>
    [...Map.groupBy(steps, ({ step }) => step).values()].map((parallel) => parallel.flatMap(convertStep)).filter((edges) => edges.length),
  );
  return { nodes, edges: paths.flat(2), sources: response.sources, asOf: response.asOf, paths };
}
