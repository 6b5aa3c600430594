// The visible graph as an SVG document on white, with title, legend and caption, for printing and editing.

import { wrap, wrapEvenly } from "../picture/text";
import { bestStanding, dashArray, STANDING, type Standing } from "../state/standings";
import { CHANGE_COLORS } from "../ui/changes";
import { shapePath } from "../ui/legend";
import { estimateWidth } from "../ui/text";
import { countLinks, type Edge, type Node } from "./data";
import { type EdgeState, signOf } from "./edge-states";
import { type ExportedGraph, escapeXml } from "./files";
import { type Box, Space } from "./space";
import { sizeOf, themeColor } from "./style";

/** A graph with the texts around it. */
export interface GraphFigure extends ExportedGraph {
  readonly edgeStates: ReadonlyMap<string, EdgeState>;
  /** Below the title: the day, and how well the links are supported. */
  readonly about: readonly string[];
  /** Below the graph: sources, version and address. */
  readonly from: readonly string[];
}

const INK = "#1d1d1b";
const QUIET = "#5d5a53";
const LINE_COLOR = "#8c877b";
const MARGIN = 24; // pixels
const MIN_WIDTH = 600; // for a title and an address
const FONT_SIZE = 11;
const LABEL_WIDTH = 130;
const LABEL_LINE = 13;
const MAX_EDGE_LABELS = 20; // more would cover each other
const USUAL_WIDTH = 1100; // of a picture whose texts have their own size; those of wider pictures are larger
const SAFETY = 1.08; // fonts of viewers differ from the estimate

const textWidth = (text: string, size: number) => estimateWidth(text, size) * SAFETY;
const round = (value: number) => value.toFixed(1);

function textAt(x: number, y: number, size: number, text: string, rest = ""): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${round(size)}"${rest}>${escapeXml(text)}</text>\n`;
}

export function writeSvg(figure: GraphFigure): string {
  const { title, about, from, nodes, edges } = figure;
  const drawing = drawGraph(figure);
  const contentWidth = Math.max(MIN_WIDTH, drawing.box.x2 - drawing.box.x1);
  const scale = Math.max(1, contentWidth / USUAL_WIDTH);
  let y = MARGIN;
  const write = (text: string, size: number, rest: string) =>
    wrap(text, contentWidth, (part) => textWidth(part, size * scale))
      .map((line) => {
        y += size * scale * 1.4;
        return textAt(MARGIN, y - size * scale * 0.3, size * scale, line, rest);
      })
      .join("");
  const head = [write(title, 18, ` font-weight="600" fill="${INK}"`), ...about.map((text) => write(text, 12, ` fill="${QUIET}"`))].join("");
  y += MARGIN / 2;
  const shift = `translate(${round(MARGIN - drawing.box.x1 + (contentWidth - (drawing.box.x2 - drawing.box.x1)) / 2)},${round(y - drawing.box.y1)})`;
  y += drawing.box.y2 - drawing.box.y1 + MARGIN / 2;
  const legend = drawLegend(figure, contentWidth, y, scale);
  y += legend.height + MARGIN / 2;
  const foot = from.map((text) => write(text, 10.5, ` fill="${QUIET}"`)).join("");
  const [width, height] = [Math.ceil(contentWidth + 2 * MARGIN), Math.ceil(y + MARGIN)];
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="'Source Sans 3', 'Noto Sans', 'Noto Sans CJK SC', sans-serif" role="img">
<title>${escapeXml(title)}</title><desc>${escapeXml([...about, ...from, `${nodes.length} / ${edges.length}`].join("\n"))}</desc>
<defs>${[LINE_COLOR, CHANGE_COLORS.appeared, CHANGE_COLORS.ended].map(drawArrow).join("")}</defs>
<rect width="${width}" height="${height}" fill="#fff"/>
${head}<g transform="${shift}">
${drawing.marks}</g>
${legend.marks}${foot}</svg>
`;
}

const arrowId = (color: string) => `to-${color.slice(1)}`;

function drawArrow(color: string): string {
  return `<marker id="${arrowId(color)}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="${color}"/></marker>`;
}

/** Draws nodes, links and as many labels as fit, those of the nodes with most links first; returns the box around all of them. */
function drawGraph({ nodes, edges, positions, shapes, standings, edgeStates }: GraphFigure): { marks: string; box: Box } {
  const findPosition = (name: string) => positions.get(name) ?? { x: 0, y: 0 };
  const links = countLinks(edges);
  const radiusOf = (name: string) => sizeOf(links.get(name) ?? 0) / 2;
  const bodies = new Map(
    nodes.map(({ name }) => {
      const [{ x, y }, r] = [findPosition(name), radiusOf(name) * 1.15];
      return [name, { x1: x - r, x2: x + r, y1: y - r, y2: y + r }];
    }),
  );
  const space = new Space();
  for (const [name, body] of bodies) space.occupy(body, name);
  const taken: Box[] = [];
  const take = (box: Box) => {
    taken.push(box);
    space.occupy(box, "");
  };
  const boxAround = (x: number, top: number, lines: readonly string[]): Box => {
    const half = Math.max(...lines.map((line) => textWidth(line, FONT_SIZE))) / 2;
    return { x1: x - half, x2: x + half, y1: top, y2: top + lines.length * LABEL_LINE };
  };
  const drawLines = (x: number, top: number, lines: readonly string[], fill: string) =>
    lines
      .map((line, index) =>
        textAt(
          x,
          top + (index + 0.8) * LABEL_LINE,
          FONT_SIZE,
          line,
          ` fill="${fill}" stroke="#fff" stroke-width="2.5" paint-order="stroke"`,
        ),
      )
      .join("");
  const labels = new Map(
    [...nodes]
      .sort((a, b) => (links.get(b.name) ?? 0) - (links.get(a.name) ?? 0))
      .flatMap(({ name, label }): [string, string][] => {
        const { x, y } = findPosition(name);
        const lines = wrapEvenly(label, LABEL_WIDTH, (part) => textWidth(part, FONT_SIZE));
        if (!lines.length) return [];
        const tops = [y + radiusOf(name) * 1.15 + 2, y - radiusOf(name) * 1.15 - 2 - lines.length * LABEL_LINE];
        const top = tops.find((candidate) => space.isFree(boxAround(x, candidate, lines), name));
        if (top === undefined) return [];
        take(boxAround(x, top, lines));
        return [[name, drawLines(x, top, lines, INK)]];
      }),
  );
  const hasStandings = edges.some((edge) => bestStanding(standings, [edge.facts[STANDING]]));
  const drawEdge = (edge: Edge) => {
    const [a, b] = [findPosition(edge.source), findPosition(edge.target)];
    const standing = bestStanding(standings, [edge.facts[STANDING]]);
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const end = (radiusOf(edge.target) + 2) / length;
    const [x, y] = [b.x - (b.x - a.x) * end, b.y - (b.y - a.y) * end];
    const state = edgeStates.get(edge.id);
    const color = state === "appeared" || state === "ended" ? CHANGE_COLORS[state] : LINE_COLOR;
    const opacity = state === "past" ? ' stroke-opacity="0.3"' : "";
    return `<path d="M${round(a.x)} ${round(a.y)}L${round(x)} ${round(y)}" stroke="${color}" marker-end="url(#${arrowId(color)})"${strokeOf(standing, hasStandings)}${opacity}><title>${escapeXml([edge.relation.label, standing?.label].filter(Boolean).join(", "))}</title></path>\n`;
  };
  const edgeLabels = edges.flatMap((edge) => {
    const sign = signOf(edgeStates.get(edge.id));
    if (!sign && edges.length > MAX_EDGE_LABELS) return [];
    const [a, b] = [findPosition(edge.source), findPosition(edge.target)];
    const lines = [[sign, edges.length > MAX_EDGE_LABELS ? "" : edge.relation.label].filter(Boolean).join(" ")];
    const [x, top] = [(a.x + b.x) / 2, (a.y + b.y) / 2 - LABEL_LINE / 2];
    if (!space.isFree(boxAround(x, top, lines), "")) return [];
    take(boxAround(x, top, lines));
    return [drawLines(x, top, lines, QUIET)];
  });
  const drawNode = (node: Node) => {
    const { x, y } = findPosition(node.name);
    const shape = shapePath(shapes.get(node.kind.iri) ?? 0, radiusOf(node.name));
    return `<g><title>${escapeXml(`${node.label} (${node.kind.label})`)}</title><path transform="translate(${round(x)},${round(y)})" d="${shape}" fill="${themeColor(node.color, false)}" stroke="#fff"/>${labels.get(node.name) ?? ""}</g>\n`;
  };
  const boxes = [...bodies.values(), ...taken];
  const bound = (side: keyof Box, choose: (a: number, b: number) => number) =>
    boxes.map((box) => box[side]).reduce((a, b) => choose(a, b), boxes[0]?.[side] ?? 0);
  return {
    marks: `<g fill="none">\n${edges.map(drawEdge).join("")}</g>\n<g text-anchor="middle">\n${nodes.map(drawNode).join("")}</g>\n<g text-anchor="middle">\n${edgeLabels.join("")}</g>\n`,
    box: { x1: bound("x1", Math.min), x2: bound("x2", Math.max), y1: bound("y1", Math.min), y2: bound("y2", Math.max) },
  };
}

/** A link without a standing is thin where others have one. */
function strokeOf(standing: Standing | undefined, hasStandings: boolean): string {
  const dashes = dashArray(standing);
  return (dashes ? ` stroke-dasharray="${dashes}"` : "") + (hasStandings && !standing ? ' stroke-width="0.5"' : "");
}

/** Draws the classes and the standings that occur, in lines. */
function drawLegend({ nodes, edges, shapes, standings }: GraphFigure, width: number, top: number, scale: number) {
  const size = FONT_SIZE * scale;
  const kinds = new Map(nodes.map(({ kind, color }) => [kind.iri, { label: kind.label, color }]));
  const used = new Set(edges.map((edge) => bestStanding(standings, [edge.facts[STANDING]])));
  const entries = [
    ...[...kinds].map(([iri, { label, color }]) => ({
      label: label || "–",
      symbol: (x: number, y: number) =>
        `<path transform="translate(${round(x + size / 2)},${round(y)})" d="${shapePath(shapes.get(iri) ?? 0, size * 0.45)}" fill="${themeColor(color, false)}"/>`,
      width: size,
    })),
    ...standings
      .filter((standing) => used.has(standing))
      .map((standing) => ({
        label: standing.label,
        symbol: (x: number, y: number) =>
          `<path d="M${round(x)} ${round(y)}h${round(3 * size)}" stroke="${INK}" fill="none"${strokeOf(standing, true)}/>`,
        width: 3 * size,
      })),
  ];
  let [x, line] = [0, 0];
  const marks = entries.map(({ label, symbol, width: symbolWidth }) => {
    const length = symbolWidth + 5 * scale + textWidth(label, size);
    if (x > 0 && x + length > width) [x, line] = [0, line + 1];
    const [left, y] = [MARGIN + x, top + (line + 0.5) * size * 1.6];
    x += length + 14 * scale;
    return `${symbol(left, y)}${textAt(left + symbolWidth + 5 * scale, y + size * 0.35, size, label, ` fill="${INK}"`)}`;
  });
  return { marks: `<g class="legend">\n${marks.join("")}</g>\n`, height: entries.length ? (line + 1) * size * 1.6 : 0 };
}
