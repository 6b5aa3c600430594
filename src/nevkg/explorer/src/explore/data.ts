// What the API gives for graphs, and what is drawn of it.
import type { Ontology, Scalar, Source, Thing } from "../api/types";

export interface Spell {
  readonly from: string | null;
  readonly until: string | null;
}
export type Facts = Readonly<Record<string, Scalar | readonly Scalar[]>>;

/** A thing that is drawn; `name` is its short name, by which it is known here. */
export interface Node {
  readonly name: string;
  readonly iri: string;
  readonly label: string;
  readonly kind: Thing;
  readonly color: string;
  readonly facts: Facts;
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

/** What one request brought: nodes and edges in a steady order, the sources that edges name, the day it is for. */
export interface Part {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly sources: readonly Source[];
  readonly asOf: string;
  /** Of paths: for each its steps in order, and of each step the edges that make it. */
  readonly paths?: readonly (readonly (readonly Edge[])[])[];
}

interface Named extends Thing {
  readonly name: string;
}
export interface Neighbours {
  readonly self: Named & { readonly kind: Thing; readonly color: string };
  readonly asOf: string;
  readonly groups: readonly {
    readonly kind: Thing;
    readonly color: string;
    readonly truncated: boolean;
    readonly nodes: readonly Named[];
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

export interface Drawn {
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

export interface PathStep {
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

/** The last part of an IRI, as short names and addresses have it. */
export function short(iri: string): string {
  return iri.slice(Math.max(iri.lastIndexOf("#"), iri.lastIndexOf("/")) + 1) || iri;
}

export function edgeId(source: string, relation: string, target: string): string {
  return `${source} ${short(relation)} ${target}`;
}

/** The thing first, then its neighbours kind by kind. */
export function ofNeighbours(found: Neighbours): Part {
  const nodes: Node[] = [
    { ...found.self, facts: {} },
    ...found.groups.flatMap(({ kind, color, nodes: those }) => those.map((node) => ({ ...node, kind, color, facts: {} }))),
  ];
  const names = new Map(nodes.map((node) => [node.iri, node.name]));
  const edges = found.edges.flatMap(({ subject, object, ...edge }) => {
    const [source, target] = [names.get(subject), names.get(object)];
    return source && target ? [{ ...edge, source, target, id: edgeId(source, edge.relation.iri, target) }] : [];
  });
  return { nodes, edges, sources: found.sources, asOf: found.asOf };
}

const OF_NODE = new Set(["id", "iri", "label", "class", "color"]);
const OF_EDGE = new Set(["source", "target", "key", "label", "relation", "spells", "evidence", "sources", "from", "until"]);

/** A projection. It names classes by their labels only; the ontology has the rest. */
export function ofDrawn(drawn: Drawn, classes: Ontology["classes"]): Part {
  const kinds = new Map(classes.map((one) => [one.label, one.iri]));
  const nodes = drawn.nodes.map((node) => {
    const label = text(node.class);
    return {
      name: node.id,
      iri: node.iri,
      label: node.label,
      kind: { iri: kinds.get(label) ?? label, label },
      color: text(node.color),
      facts: without(node, OF_NODE),
    };
  });
  const edges = drawn.edges.map((edge) => {
    const relation = { iri: text(edge.relation), label: text(edge.label) };
    return {
      id: edgeId(edge.source, relation.iri, edge.target),
      source: edge.source,
      target: edge.target,
      relation,
      spells: edge.spells as readonly Spell[],
      facts: without(edge, OF_EDGE),
      evidence: edge.evidence,
      sources: edge.sources,
    };
  });
  return { nodes, edges, sources: drawn.graph.sources, asOf: drawn.graph.as_of };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function without(facts: Facts, names: ReadonlySet<string>): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !names.has(name)));
}

/** The edges of paths, between nodes that are known. */
export function ofPaths(found: Paths, known: readonly Node[]): Part {
  const names = new Map(known.map((node) => [node.iri, node.name]));
  const paths = new Map<number, Map<number, Edge[]>>();
  for (const step of [...found.steps].sort((a, b) => a.path - b.path || a.step - b.step)) {
    const [source, target] = [names.get(step.subject.iri), names.get(step.object.iri)];
    if (!source || !target) continue;
    const edge = {
      id: edgeId(source, step.relation.iri, target),
      source,
      target,
      relation: step.relation,
      spells: step.from || step.until ? [{ from: step.from, until: step.until }] : [],
      facts: {},
      evidence: step.evidence ? [step.evidence] : [],
      sources: (step.sources ?? []).map((one) => one.iri),
    };
    const steps = paths.get(step.path) ?? new Map<number, Edge[]>();
    paths.set(step.path, steps.set(step.step, [...(steps.get(step.step) ?? []), edge]));
  }
  const told = [...paths.values()].map((steps) => [...steps.values()]);
  return { nodes: known, edges: told.flat(2), sources: found.sources, asOf: found.asOf, paths: told };
}
