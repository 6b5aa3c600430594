// Files of the visible graph: node-link JSON, from which the server writes the formats of other tools.

import { send } from "../api/requests";
import type { Standing } from "../state/standings";
import { FORBIDDEN, fold } from "../ui/text";
import type { Edge, Node } from "./data";
import type { Point } from "./layout";

/** The visible graph, and how it is drawn. */
export interface ExportedGraph {
  readonly title: string;
  readonly description: string; // the day and the address of the graph
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly positions: ReadonlyMap<string, Point>;
  readonly shapes: ReadonlyMap<string, number>;
  readonly standings: readonly Standing[];
}

/** The formats that the server writes. */
type ServerFormat = "gexf" | "graphml" | "csv";

/** Returns the graph as node-link JSON, as in the API. */
export function writeJson({ title, description, nodes, edges, positions }: ExportedGraph): string {
  const content = {
    directed: true,
    multigraph: true,
    title,
    description,
    nodes: nodes.map(({ name, iri, label, kind, color, facts }) => ({
      ...facts,
      ...positions.get(name),
      ...{ id: name, iri, label, class: kind.label, color },
    })),
    edges: edges.map(({ source, target, relation, spells, facts, evidence, sources }) => ({
      ...facts,
      ...{ source, target, label: relation.label, relation: relation.iri, spells, evidence, sources },
    })),
  };
  return JSON.stringify(content);
}

/** Returns the graph as a file that the server writes. */
export async function fetchGraph(graph: ExportedGraph, format: ServerFormat): Promise<Blob> {
  const headers = { "Content-Type": "application/json" };
  return (await send(`api/graph/export?format=${format}`, { method: "POST", body: writeJson(graph), headers })).blob();
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\t": "&#9;",
  "\r": "",
};

/** Escapes text for XML, without characters that XML forbids. */
export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, "").replace(/[&<>"\n\t\r]/g, (character) => ESCAPES[character] ?? "");
}

const MAX_NAME = 60; // characters

/** Returns the name of a file of the graph: what it shows, and its day. */
export function fileName(title: string, day: string | null, format: string): string {
  const subject = fold(title)
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, MAX_NAME);
  return `${["nevkg", "graph", subject, day].filter(Boolean).join("-")}.${format}`;
}
