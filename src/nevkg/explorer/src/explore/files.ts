// Files of the visible graph: node-link JSON, from which the server writes the formats of other tools, and SVG.

import { send } from "../api/requests";
import { bestStanding, dashArray, STANDING, type Standing } from "../state/standings";
import { SHAPES } from "../ui/legend";
import { FORBIDDEN } from "../ui/text";
import { countLinks, type Edge, type Node } from "./data";
import type { Point } from "./layout";
import { sizeOf, themeColor } from "./style";

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

const MARGIN = 90; // pixels
const LINE = 14; // pixels

/** Draws the graph on white, for printing and editing, with the positions of the picture. */
export function writeSvg({ title, description, nodes, edges, positions, shapes, standings }: ExportedGraph): string {
  const findPosition = (name: string) => positions.get(name) ?? { x: 0, y: 0 };
  const links = countLinks(edges);
  const radiusOf = (name: string) => sizeOf(links.get(name) ?? 0) / 2;
  const [xs, ys] = [nodes.map((node) => findPosition(node.name).x), nodes.map((node) => findPosition(node.name).y)];
  const minimum = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const maximum = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const [left, top] = nodes.length ? [minimum(xs) - MARGIN, minimum(ys) - MARGIN] : [0, 0];
  const edgeStandings = edges.map((edge) => bestStanding(standings, [edge.facts[STANDING]]));
  const legend = standings.filter((standing) => edgeStandings.includes(standing));
  const [width, height] = nodes.length ? [maximum(xs) - left + MARGIN, maximum(ys) - top + MARGIN + LINE * (1 + legend.length)] : [1, 1];
  const strokeOf = (standing: Standing | undefined) => {
    const dashes = dashArray(standing);
    return (dashes ? ` stroke-dasharray="${dashes}"` : "") + (legend.length && !standing ? ' stroke-width="0.5"' : "");
  };
  const drawLegendEntry = (standing: Standing, row: number) => {
    const y = top + height - 12 - LINE * (legend.length - row);
    const [from, to] = [left + 8, left + 42];
    return `<path d="M${from.toFixed(1)} ${y.toFixed(1)}H${to.toFixed(1)}" stroke="#1d1d1b"${strokeOf(standing)}/><text x="${(to + 6).toFixed(1)}" y="${(y + 4).toFixed(1)}" fill="#1d1d1b">${escapeXml(standing.label)}</text>\n`;
  };
  const drawEdge = (edge: Edge, index: number) => {
    const [a, b] = [findPosition(edge.source), findPosition(edge.target)];
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const end = (radiusOf(edge.target) + 2) / length;
    const [x, y] = [b.x - (b.x - a.x) * end, b.y - (b.y - a.y) * end];
    return `<path d="M${a.x.toFixed(1)} ${a.y.toFixed(1)}L${x.toFixed(1)} ${y.toFixed(1)}" marker-end="url(#to)"${strokeOf(edgeStandings[index])}><title>${escapeXml([edge.relation.label, edgeStandings[index]?.label].filter(Boolean).join(", "))}</title></path>\n`;
  };
  const drawNode = (node: Node) => {
    const [{ x, y }, size] = [findPosition(node.name), radiusOf(node.name)];
    const outline = SHAPES[shapes.get(node.kind.iri) ?? 0] ?? [];
    const points = outline.map((value, index) => ((index % 2 ? y : x) + value * size).toFixed(1)).join(" ");
    const shape = outline.length ? `<polygon points="${points}"` : `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${size}"`;
    return `<g><title>${escapeXml(`${node.label} (${node.kind.label})`)}</title>${shape} fill="${themeColor(node.color, false)}" stroke="#fff"/><text x="${x.toFixed(1)}" y="${(y + size + 12).toFixed(1)}">${escapeXml(node.label)}</text></g>\n`;
  };
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="${[left, top, width, height].map((value) => value.toFixed(1)).join(" ")}" width="${Math.ceil(width)}" height="${Math.ceil(height)}" font-family="sans-serif" font-size="11">
<title>${escapeXml(title)}</title><desc>${escapeXml(description)}</desc>
<defs><marker id="to" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#8c877b"/></marker></defs>
<rect x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" fill="#fff"/>
<g stroke="#8c877b" stroke-opacity="0.7" fill="none">
${edges.map(drawEdge).join("")}</g>
<g text-anchor="middle" fill="#1d1d1b" paint-order="stroke">
${nodes.map(drawNode).join("")}</g>
${legend.map(drawLegendEntry).join("")}<text x="${(left + 8).toFixed(1)}" y="${(top + height - 8).toFixed(1)}" fill="#5d5a53">${escapeXml(`${title}. ${description}`)}</text>
</svg>
`;
}
