// Writes the visible graph in file formats of other tools, with the same attributes as the files of the API.
import { isThing, type Scalar } from "../api/types";
import { bestStanding, dashArray, STANDING, type Standing } from "../state/standings";
import { SHAPES } from "../ui/legend";
import { FORBIDDEN } from "../ui/text";
import { countLinks, type Edge, type Node } from "./data";
import type { Point } from "./layout";
import { adaptColor, sizeOf } from "./style";

export interface ExportedGraph {
  readonly title: string;
  readonly description: string; // the day and the address of the graph
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly positions: ReadonlyMap<string, Point>;
  readonly shapes: ReadonlyMap<string, number>;
  readonly standings: readonly Standing[];
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

function flatten(value: Scalar | readonly Scalar[]): string {
  if (Array.isArray(value)) return value.map((item: Scalar) => flatten(item)).join("; ");
  return isThing(value) ? value.label : String(value);
}

function factsOf({ facts }: Node | Edge): [string, string][] {
  return Object.entries(facts).map(([name, value]) => [name, flatten(value)]);
}

function nodeAttributes(node: Node): [string, string][] {
  return [["label", node.label], ["iri", node.iri], ["class", node.kind.label], ["color", node.color], ...factsOf(node)];
}

function edgeAttributes(edge: Edge): [string, string][] {
  const starts = edge.spells.map((spell) => spell.from ?? "").sort();
  const ends = edge.spells.map((spell) => spell.until ?? "").sort();
  // The first start and the last end, or none if a period has no start or no end.
  const span: [string, string][] = [
    ["from", starts[0] ?? ""],
    ["until", ends[0] ? (ends.at(-1) ?? "") : ""],
  ];
  const rest: [string, string][] = [
    ["evidence", edge.evidence.join(" ")],
    ["sources", edge.sources.join(" ")],
  ];
  return [["label", edge.relation.label], ["relation", edge.relation.iri], ...span.filter(([, day]) => day), ...rest, ...factsOf(edge)];
}

/** Assigns ids to the names of attributes, in order of appearance. */
function assignIds(rows: readonly [string, string][][]): Map<string, string> {
  const names = new Set(rows.flat().map(([name]) => name));
  return new Map([...names].map((name, index) => [name, `a${index}`]));
}

export function writeGraphml({ title, description, nodes, edges }: ExportedGraph): string {
  const keys = (type: string, names: ReadonlyMap<string, string>) =>
    [...names]
      .map(([name, id]) => `  <key id="${type}-${id}" for="${type}" attr.name="${escapeXml(name)}" attr.type="string"/>\n`)
      .join("");
  const data = (type: string, names: ReadonlyMap<string, string>, attributes: [string, string][]) =>
    attributes.map(([name, value]) => `<data key="${type}-${names.get(name)}">${escapeXml(value)}</data>`).join("");
  const [nodeNames, edgeNames] = [assignIds(nodes.map(nodeAttributes)), assignIds(edges.map(edgeAttributes))];
  return `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <desc>${escapeXml(`${title}. ${description}`)}</desc>
${keys("node", nodeNames)}${keys("edge", edgeNames)}  <graph edgedefault="directed">
${nodes.map((node) => `    <node id="${escapeXml(node.name)}">${data("node", nodeNames, nodeAttributes(node))}</node>\n`).join("")}${edges
  .map(
    (edge, index) =>
      `    <edge id="e${index + 1}" source="${escapeXml(edge.source)}" target="${escapeXml(edge.target)}">${data("edge", edgeNames, edgeAttributes(edge))}</edge>\n`,
  )
  .join("")}  </graph>
</graphml>
`;
}

export function writeGexf({ title, description, nodes, edges, positions }: ExportedGraph): string {
  const declarations = (type: string, names: ReadonlyMap<string, string>) =>
    `    <attributes class="${type}">\n${[...names]
      .map(([name, id]) => `      <attribute id="${id}" title="${escapeXml(name)}" type="string"/>\n`)
      .join("")}    </attributes>\n`;
  const values = (names: ReadonlyMap<string, string>, attributes: [string, string][]) =>
    `<attvalues>${attributes.map(([name, value]) => `<attvalue for="${names.get(name)}" value="${escapeXml(value)}"/>`).join("")}</attvalues>`;
  const [nodeNames, edgeNames] = [assignIds(nodes.map(nodeAttributes)), assignIds(edges.map(edgeAttributes))];
  const viz = (node: Node) => {
    const [, red, green, blue] = /^#(..)(..)(..)$/.exec(adaptColor(node.color, false)) ?? [];
    const component = (text = "0") => Number.parseInt(text, 16);
    const { x, y } = positions.get(node.name) ?? { x: 0, y: 0 };
    return `<viz:color r="${component(red)}" g="${component(green)}" b="${component(blue)}"/><viz:position x="${x.toFixed(1)}" y="${(-y).toFixed(1)}"/>`;
  };
  const spells = (edge: Edge) =>
    edge.spells.length
      ? `<spells>${edge.spells.map(({ from, until }) => `<spell${from ? ` start="${escapeXml(from)}"` : ""}${until ? ` endopen="${escapeXml(until)}"` : ""}/>`).join("")}</spells>`
      : "";
  return `<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
  <meta><title>${escapeXml(title)}</title><description>${escapeXml(description)}</description></meta>
  <graph defaultedgetype="directed" mode="dynamic" timeformat="date">
${declarations("node", nodeNames)}${declarations("edge", edgeNames)}    <nodes>
${nodes.map((node) => `      <node id="${escapeXml(node.name)}" label="${escapeXml(node.label)}">${values(nodeNames, nodeAttributes(node))}${viz(node)}</node>\n`).join("")}    </nodes>
    <edges>
${edges
  .map(
    (edge, index) =>
      `      <edge id="e${index + 1}" source="${escapeXml(edge.source)}" target="${escapeXml(edge.target)}" label="${escapeXml(edge.relation.label)}">${values(edgeNames, edgeAttributes(edge))}${spells(edge)}</edge>\n`,
  )
  .join("")}    </edges>
  </graph>
</gexf>
`;
}

/** Writes a table of links. Text that a spreadsheet would run as a formula is prefixed with an apostrophe. */
export function writeCsv({ nodes, edges }: ExportedGraph): string {
  const nodesByName = new Map(nodes.map((node) => [node.name, node]));
  const names = [...assignIds(edges.map(edgeAttributes)).keys()];
  const cell = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const head = ["source", "source_label", "target", "target_label", ...names];
  const rows = edges.map((edge) => {
    const attributes = new Map(edgeAttributes(edge));
    const ends = [edge.source, edge.target].flatMap((name) => [nodesByName.get(name)?.iri ?? name, nodesByName.get(name)?.label ?? ""]);
    return [...ends, ...names.map((name) => attributes.get(name) ?? "")];
  });
  return `\ufeff${[head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** Writes node-link JSON, as in the API. */
export function writeJson({ title, description, nodes, edges }: ExportedGraph): string {
  const content = {
    directed: true,
    multigraph: true,
    graph: { title, description },
    nodes: nodes.map((node) => ({ id: node.name, ...Object.fromEntries(nodeAttributes(node)) })),
    edges: edges.map((edge, index) => ({
      ...Object.fromEntries(edgeAttributes(edge)),
      spells: edge.spells,
      evidence: edge.evidence,
      sources: edge.sources,
      source: edge.source,
      target: edge.target,
      key: `e${index + 1}`,
    })),
  };
  return `${JSON.stringify(content, null, 1)}\n`;
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
    return `<g><title>${escapeXml(`${node.label} (${node.kind.label})`)}</title>${shape} fill="${adaptColor(node.color, false)}" stroke="#fff"/><text x="${x.toFixed(1)}" y="${(y + size + 12).toFixed(1)}">${escapeXml(node.label)}</text></g>\n`;
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

/** The functions and media types of the formats, except PNG. */
export const WRITERS = {
  svg: { write: writeSvg, media: "image/svg+xml" },
  gexf: { write: writeGexf, media: "application/xml" },
  graphml: { write: writeGraphml, media: "application/xml" },
  csv: { write: writeCsv, media: "text/csv" },
  json: { write: writeJson, media: "application/json" },
} as const;
