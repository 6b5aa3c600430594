// What is shown of the graph: on a day, of some classes, as one source says.
import type { Edge, Node } from "./data";
import { findVisibleEdges, type Graph } from "./graph";

export interface Filter {
  /** Days in ISO, of one of which a link holds; null for all times. */
  readonly days: readonly string[] | null;
  readonly kinds: ReadonlySet<string>; // IRIs of those that are hidden
  readonly source: string;
}

export interface Shown {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** What is not dated holds always. */
export function holds(edge: Edge, day: string): boolean {
  if (!edge.spells.length) return true;
  return edge.spells.some(({ from, until }) => (!from || from <= day) && (!until || until > day));
}

export function filtered(graph: Graph, { days, kinds, source }: Filter): Shown {
  const known = findVisibleEdges(graph);
  const seen = (name: string) => !kinds.has(graph.nodes.get(name)?.kind.iri ?? "");
  const edges = known.filter(
    (edge) =>
      seen(edge.source) &&
      seen(edge.target) &&
      (days === null || days.some((day) => holds(edge, day))) &&
      (!source || edge.sources.includes(source)),
  );
  const ends = (those: readonly Edge[]) => new Set(those.flatMap((edge) => [edge.source, edge.target]));
  const [joined, everJoined] = [ends(edges), ends(known)];
  // A node goes with its last edge; one that never had any stays, and so does what was asked for by name.
  const nodes = [...graph.nodes.values()].filter(
    ({ name }) => seen(name) && (joined.has(name) || graph.roots.has(name) || !everJoined.has(name)),
  );
  return { nodes, edges };
}

export interface Count {
  readonly kind: Node["kind"];
  readonly color: string;
  readonly count: number;
}

/** The classes of the graph, the most frequent first. */
export function countKinds(nodes: Iterable<Node>): Count[] {
  const found = new Map<string, Count>();
  for (const { kind, color } of nodes) found.set(kind.iri, { kind, color, count: (found.get(kind.iri)?.count ?? 0) + 1 });
  return [...found.values()].sort((a, b) => b.count - a.count || (a.kind.label < b.kind.label ? -1 : 1));
}

/** Sources with the number of edges that they speak of, the most first. */
export function countSources(graph: Graph): { iri: string; count: number }[] {
  const found = new Map<string, number>();
  for (const edge of findVisibleEdges(graph)) for (const iri of edge.sources) found.set(iri, (found.get(iri) ?? 0) + 1);
  return [...found].map(([iri, count]) => ({ iri, count })).sort((a, b) => b.count - a.count || (a.iri < b.iri ? -1 : 1));
}

/** The days on which something begins or ends, in order. */
export function daysOf(graph: Graph): string[] {
  const days = findVisibleEdges(graph).flatMap((edge) => edge.spells.flatMap(({ from, until }) => [from, until]));
  return [...new Set(days.filter((day): day is string => /^\d{4}-\d{2}-\d{2}/.test(day ?? "")))].sort();
}
