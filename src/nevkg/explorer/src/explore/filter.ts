// Filters of the graph by day, class and source.
import type { Edge, Node } from "./data";
import { findVisibleEdges, type Graph } from "./graph";

export interface Filter {
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

export function filterGraph(graph: Graph, { days, hiddenKinds, source }: Filter): FilteredGraph {
  const visible = findVisibleEdges(graph);
  const isVisible = (name: string) => !hiddenKinds.has(graph.nodes.get(name)?.kind.iri ?? "");
  const edges = visible.filter(
    (edge) =>
      isVisible(edge.source) &&
      isVisible(edge.target) &&
      (days === null || days.some((day) => holds(edge, day))) &&
      (!source || edge.sources.includes(source)),
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
  const counts = new Map<string, number>();
  for (const edge of findVisibleEdges(graph)) for (const iri of edge.sources) counts.set(iri, (counts.get(iri) ?? 0) + 1);
  return [...counts].map(([iri, count]) => ({ iri, count })).sort((a, b) => b.count - a.count || (a.iri < b.iri ? -1 : 1));
}

/** Returns the days on which links begin or end, in order. */
export function changeDays(graph: Graph): string[] {
  const days = findVisibleEdges(graph).flatMap((edge) => edge.spells.flatMap(({ from, until }) => [from, until]));
  return [...new Set(days.filter((day): day is string => /^\d{4}-\d{2}-\d{2}/.test(day ?? "")))].sort();
}
