// What is shown, as files for other tools. Attributes are what the API's own files have.
import { isThing, type Scalar } from "../api/types";
import { bestStanding, dashArray, STANDING, type Standing } from "../state/standings";
import { SHAPES } from "../ui/shapes";
import { FORBIDDEN } from "../ui/text";
import type { Edge, Node } from "./data";
import { onGround, sizeOf } from "./look";
import type { Point } from "./place";

export interface Exported {
  readonly title: string;
  readonly about: string; // where it was made, and of what day
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly places: ReadonlyMap<string, Point>;
  readonly shapes: ReadonlyMap<string, number>;
  readonly standings: readonly Standing[];
}

const ESCAPED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\t": "&#9;",
  "\r": "",
};

export function xml(text: string): string {
  return text.replace(FORBIDDEN, "").replace(/[&<>"\n\t\r]/g, (one) => ESCAPED[one] ?? "");
}

function flat(value: Scalar | readonly Scalar[]): string {
  if (Array.isArray(value)) return value.map((one: Scalar) => flat(one)).join("; ");
  return isThing(value) ? value.label : String(value);
}

const facts = (of: Node | Edge): [string, string][] => Object.entries(of.facts).map(([name, value]) => [name, flat(value)]);

function ofNode(node: Node): [string, string][] {
  return [["label", node.label], ["iri", node.iri], ["class", node.kind.label], ["color", node.color], ...facts(node)];
}

function ofEdge(edge: Edge): [string, string][] {
  const begins = edge.spells.map((spell) => spell.from ?? "").sort();
  const ends = edge.spells.map((spell) => spell.until ?? "").sort();
  // The first beginning and the last end, where none is open.
  const span: [string, string][] = [
    ["from", begins[0] ?? ""],
    ["until", ends[0] ? (ends.at(-1) ?? "") : ""],
  ];
  const rest: [string, string][] = [
    ["evidence", edge.evidence.join(" ")],
    ["sources", edge.sources.join(" ")],
  ];
  return [["label", edge.relation.label], ["relation", edge.relation.iri], ...span.filter(([, day]) => day), ...rest, ...facts(edge)];
}

/** Names of attributes to ids, in the order in which they come. */
function declared(rows: readonly [string, string][][]): Map<string, string> {
  const names = new Set(rows.flat().map(([name]) => name));
  return new Map([...names].map((name, place) => [name, `a${place}`]));
}

export function graphml({ title, about, nodes, edges }: Exported): string {
  const keys = (of: string, names: ReadonlyMap<string, string>) =>
    [...names].map(([name, id]) => `  <key id="${of}-${id}" for="${of}" attr.name="${xml(name)}" attr.type="string"/>\n`).join("");
  const data = (of: string, names: ReadonlyMap<string, string>, told: [string, string][]) =>
    told.map(([name, value]) => `<data key="${of}-${names.get(name)}">${xml(value)}</data>`).join("");
  const [nodeNames, edgeNames] = [declared(nodes.map(ofNode)), declared(edges.map(ofEdge))];
  return `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <desc>${xml(`${title}. ${about}`)}</desc>
${keys("node", nodeNames)}${keys("edge", edgeNames)}  <graph edgedefault="directed">
${nodes.map((node) => `    <node id="${xml(node.name)}">${data("node", nodeNames, ofNode(node))}</node>\n`).join("")}${edges
  .map(
    (edge, place) =>
      `    <edge id="e${place + 1}" source="${xml(edge.source)}" target="${xml(edge.target)}">${data("edge", edgeNames, ofEdge(edge))}</edge>\n`,
  )
  .join("")}  </graph>
</graphml>
`;
}

export function gexf({ title, about, nodes, edges, places }: Exported): string {
  const attributes = (of: string, names: ReadonlyMap<string, string>) =>
    `    <attributes class="${of}">\n${[...names]
      .map(([name, id]) => `      <attribute id="${id}" title="${xml(name)}" type="string"/>\n`)
      .join("")}    </attributes>\n`;
  const values = (names: ReadonlyMap<string, string>, told: [string, string][]) =>
    `<attvalues>${told.map(([name, value]) => `<attvalue for="${names.get(name)}" value="${xml(value)}"/>`).join("")}</attvalues>`;
  const [nodeNames, edgeNames] = [declared(nodes.map(ofNode)), declared(edges.map(ofEdge))];
  const viz = (node: Node) => {
    const [, red, green, blue] = /^#(..)(..)(..)$/.exec(onGround(node.color, false)) ?? [];
    const part = (text = "0") => Number.parseInt(text, 16);
    const { x, y } = places.get(node.name) ?? { x: 0, y: 0 };
    return `<viz:color r="${part(red)}" g="${part(green)}" b="${part(blue)}"/><viz:position x="${x.toFixed(1)}" y="${(-y).toFixed(1)}"/>`;
  };
  const spells = (edge: Edge) =>
    edge.spells.length
      ? `<spells>${edge.spells.map(({ from, until }) => `<spell${from ? ` start="${xml(from)}"` : ""}${until ? ` endopen="${xml(until)}"` : ""}/>`).join("")}</spells>`
      : "";
  return `<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
  <meta><title>${xml(title)}</title><description>${xml(about)}</description></meta>
  <graph defaultedgetype="directed" mode="dynamic" timeformat="date">
${attributes("node", nodeNames)}${attributes("edge", edgeNames)}    <nodes>
${nodes.map((node) => `      <node id="${xml(node.name)}" label="${xml(node.label)}">${values(nodeNames, ofNode(node))}${viz(node)}</node>\n`).join("")}    </nodes>
    <edges>
${edges
  .map(
    (edge, place) =>
      `      <edge id="e${place + 1}" source="${xml(edge.source)}" target="${xml(edge.target)}" label="${xml(edge.relation.label)}">${values(edgeNames, ofEdge(edge))}${spells(edge)}</edge>\n`,
  )
  .join("")}    </edges>
  </graph>
</gexf>
`;
}

/** A table of links. Text that a spreadsheet would take for a formula is kept from it. */
export function csv({ nodes, edges }: Exported): string {
  const labels = new Map(nodes.map((node) => [node.name, node]));
  const names = [...declared(edges.map(ofEdge)).keys()];
  const cell = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const head = ["source", "source_label", "target", "target_label", ...names];
  const rows = edges.map((edge) => {
    const told = new Map(ofEdge(edge));
    const ends = [edge.source, edge.target].flatMap((name) => [labels.get(name)?.iri ?? name, labels.get(name)?.label ?? ""]);
    return [...ends, ...names.map((name) => told.get(name) ?? "")];
  });
  return `\ufeff${[head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** Node-link JSON, as the API gives it. */
export function json({ title, about, nodes, edges }: Exported): string {
  const plain = {
    directed: true,
    multigraph: true,
    graph: { title, description: about },
    nodes: nodes.map((node) => ({ id: node.name, ...Object.fromEntries(ofNode(node)) })),
    edges: edges.map((edge, place) => ({
      ...Object.fromEntries(ofEdge(edge)),
      spells: edge.spells,
      evidence: edge.evidence,
      sources: edge.sources,
      source: edge.source,
      target: edge.target,
      key: `e${place + 1}`,
    })),
  };
  return `${JSON.stringify(plain, null, 1)}\n`;
}

const MARGIN = 90;
const LINE = 14;

/** A drawing on white, to print and to edit; the places are those of the picture. */
export function svg({ title, about, nodes, edges, places, shapes, standings }: Exported): string {
  const at = (name: string) => places.get(name) ?? { x: 0, y: 0 };
  const links = new Map<string, number>();
  for (const { source, target } of edges) for (const end of [source, target]) links.set(end, (links.get(end) ?? 0) + 1);
  const radius = (name: string) => sizeOf(links.get(name) ?? 0) / 2;
  const [xs, ys] = [nodes.map((node) => at(node.name).x), nodes.map((node) => at(node.name).y)];
  const low = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const [left, top] = nodes.length ? [low(xs) - MARGIN, low(ys) - MARGIN] : [0, 0];
  const stands = edges.map((edge) => bestStanding(standings, [edge.facts[STANDING]]));
  const legend = standings.filter((one) => stands.includes(one));
  const [width, height] = nodes.length ? [high(xs) - left + MARGIN, high(ys) - top + MARGIN + LINE * (1 + legend.length)] : [1, 1];
  const stroke = (one: Standing | undefined) => {
    const dashes = dashArray(one);
    return (dashes ? ` stroke-dasharray="${dashes}"` : "") + (legend.length && !one ? ' stroke-width="0.5"' : "");
  };
  const key = (one: Standing, row: number) => {
    const y = top + height - 12 - LINE * (legend.length - row);
    const [from, to] = [left + 8, left + 42];
    return `<path d="M${from.toFixed(1)} ${y.toFixed(1)}H${to.toFixed(1)}" stroke="#1d1d1b"${stroke(one)}/><text x="${(to + 6).toFixed(1)}" y="${(y + 4).toFixed(1)}" fill="#1d1d1b">${xml(one.label)}</text>\n`;
  };
  const line = (edge: Edge, place: number) => {
    const [a, b] = [at(edge.source), at(edge.target)];
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const end = (radius(edge.target) + 2) / length;
    const [x, y] = [b.x - (b.x - a.x) * end, b.y - (b.y - a.y) * end];
    return `<path d="M${a.x.toFixed(1)} ${a.y.toFixed(1)}L${x.toFixed(1)} ${y.toFixed(1)}" marker-end="url(#to)"${stroke(stands[place])}><title>${xml([edge.relation.label, stands[place]?.label].filter(Boolean).join(", "))}</title></path>\n`;
  };
  const mark = (node: Node) => {
    const [{ x, y }, size] = [at(node.name), radius(node.name)];
    const outline = SHAPES[shapes.get(node.kind.iri) ?? 0] ?? [];
    const points = outline.map((value, place) => ((place % 2 ? y : x) + value * size).toFixed(1)).join(" ");
    const shape = outline.length ? `<polygon points="${points}"` : `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${size}"`;
    return `<g><title>${xml(`${node.label} (${node.kind.label})`)}</title>${shape} fill="${onGround(node.color, false)}" stroke="#fff"/><text x="${x.toFixed(1)}" y="${(y + size + 12).toFixed(1)}">${xml(node.label)}</text></g>\n`;
  };
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="${[left, top, width, height].map((value) => value.toFixed(1)).join(" ")}" width="${Math.ceil(width)}" height="${Math.ceil(height)}" font-family="sans-serif" font-size="11">
<title>${xml(title)}</title><desc>${xml(about)}</desc>
<defs><marker id="to" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#8c877b"/></marker></defs>
<rect x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" fill="#fff"/>
<g stroke="#8c877b" stroke-opacity="0.7" fill="none">
${edges.map(line).join("")}</g>
<g text-anchor="middle" fill="#1d1d1b" paint-order="stroke">
${nodes.map(mark).join("")}</g>
${legend.map(key).join("")}<text x="${(left + 8).toFixed(1)}" y="${(top + height - 8).toFixed(1)}" fill="#5d5a53">${xml(`${title}. ${about}`)}</text>
</svg>
`;
}

/** What a picture can be saved as, besides a picture. */
export const FILES = {
  svg: { write: svg, media: "image/svg+xml" },
  gexf: { write: gexf, media: "application/xml" },
  graphml: { write: graphml, media: "application/xml" },
  csv: { write: csv, media: "text/csv" },
  json: { write: json, media: "application/json" },
} as const;
