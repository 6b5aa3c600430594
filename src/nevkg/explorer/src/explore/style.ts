// The style of nodes and edges: colours and shapes of classes, and the stylesheet of the canvas.

import type { StylesheetJson } from "cytoscape";
import { wrapEvenly } from "../picture/text";
import { CHANGE_COLORS } from "../ui/changes";
import { SHAPES } from "../ui/legend";
import { estimateWidth, truncate } from "../ui/text";
import { computeColor } from "../ui/theme";
import { signOf } from "./edge-states";

/** Returns the shape of each class. Classes with the same colour have different shapes. */
export function shapesOf(colors: ReadonlyMap<string, string>): Map<string, number> {
  const groups = [...new Set(colors.values())];
  const counts = new Map<string, number>();
  return new Map(
    [...colors].map(([iri, color]) => {
      const index = counts.get(color) ?? 0;
      counts.set(color, index + 1);
      return [iri, (groups.indexOf(color) + index) % SHAPES.length];
    }),
  );
}

/** Makes a colour of the data lighter on a dark background. */
export function themeColor(color: string, isDark: boolean): string {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  if (!match) return "#888888";
  if (!isDark) return color;
  const lighten = (text = "0") =>
    Math.round(Number.parseInt(text, 16) * 0.6 + 255 * 0.4)
      .toString(16)
      .padStart(2, "0");
  return `#${lighten(match[1])}${lighten(match[2])}${lighten(match[3])}`;
}

interface ThemeColors {
  readonly ground: string;
  readonly ink: string;
  readonly quiet: string;
  readonly edge: string;
  readonly focus: string;
  readonly link: string;
  readonly font: string;
  readonly isDark: boolean;
}

/** Returns the current colours of the page; a canvas cannot use CSS variables. */
export function readColors(): ThemeColors {
  const colors = {
    ground: computeColor("--ground"),
    ink: computeColor("--ink"),
    quiet: computeColor("--quiet"),
    edge: computeColor("--edge"),
    focus: computeColor("--focus"),
    link: computeColor("--link"),
    font: getComputedStyle(document.body).fontFamily,
  };
  const [red = 255, green = 255, blue = 255] = (colors.ground.match(/[\d.]+/g) ?? []).map(Number);
  return { ...colors, isDark: red + green + blue < 384 };
}

/** The size of text in pixels below which a label is not drawn. */
export const MIN_SIZE = 8;
const MAX_LABEL = 48; // columns
const MAX_WIDTH = 120; // of a line of a label, in pixels

/** Shortens a label for the picture and breaks it in lines, never within a word; the panel shows the full label. */
export function wrapLabel(label: string, size: number): string {
  return wrapEvenly(truncate(label, MAX_LABEL), MAX_WIDTH, (part) => estimateWidth(part, size)).join("\n");
}

/** Returns the diameter of a node, in pixels. */
export function sizeOf(links: number): number {
  return Math.round(Math.min(52, 15 + 5 * Math.sqrt(links)));
}

export function createStylesheet(colors: ThemeColors): StylesheetJson {
  return [
    {
      selector: "node",
      style: {
        width: "data(size)",
        height: "data(size)",
        "background-color": (node: { data: (name: string) => string }) => themeColor(node.data("color"), colors.isDark),
        "border-width": 1.5,
        "border-color": colors.ground,
        label: "data(text)",
        color: colors.ink,
        "font-family": colors.font,
        "font-size": "data(font)",
        "min-zoomed-font-size": MIN_SIZE,
        "text-valign": "bottom",
        "text-margin-y": 3,
        "text-wrap": "wrap",
        "text-max-width": `${MAX_WIDTH + 25}px`, // fonts differ from the estimate
        "text-outline-color": colors.ground,
        "text-outline-width": 2,
      },
    },
    {
      selector: "node.polygon",
      style: { shape: "polygon", "shape-polygon-points": ((node: { data: (name: string) => string }) => node.data("points")) as never },
    },
    {
      selector: "edge",
      style: {
        width: 1.3,
        "line-color": colors.edge,
        "line-opacity": 0.6,
        "curve-style": "bezier",
        "control-point-step-size": 26,
        "target-arrow-shape": "triangle",
        "target-arrow-color": colors.edge,
        "arrow-scale": 0.75,
        label: "data(text)",
        color: colors.quiet,
        "font-family": colors.font,
        "font-size": 9,
        "min-zoomed-font-size": 20,
        "text-rotation": "autorotate",
        "text-outline-color": colors.ground,
        "text-outline-width": 2,
      },
    },
    {
      selector: "node.called",
      style: {
        "text-max-width": ((node: { data: (name: string) => number }) => `${node.data("font") * 11}px`) as never,
        "text-outline-width": ((node: { data: (name: string) => number }) => node.data("font") / 5) as never,
        "z-index": 3,
      },
    },
    { selector: "node.unnamed", style: { "text-opacity": 0 } },
    { selector: "edge.straight", style: { "curve-style": "haystack", "target-arrow-shape": "none" } },
    {
      selector: "edge.dashed",
      style: {
        "line-style": "dashed",
        "line-dash-pattern": ((edge: { data: (name: string) => number[] }) => edge.data("dashes")) as never,
      },
    },
    { selector: "edge.unsupported", style: { width: 0.7 } },
    { selector: "edge.past", style: { "line-opacity": 0.25 } },
    ...(["appeared", "ended"] as const).map((change) => ({
      selector: `edge.${change}`,
      style: {
        width: 2.4,
        label: signOf(change),
        "font-size": 22,
        "min-zoomed-font-size": 0,
        color: CHANGE_COLORS[change],
        "line-color": CHANGE_COLORS[change],
        "target-arrow-color": CHANGE_COLORS[change],
        "line-opacity": 1,
      },
    })),
    {
      selector: "edge.path",
      style: { width: 3, "line-color": colors.focus, "target-arrow-color": colors.focus, "line-opacity": 1, "z-index": 5 },
    },
    { selector: "node.pinned", style: { "border-color": colors.ink, "border-width": 2.5 } },
    { selector: ".faint", style: { opacity: 0.22 } },
    {
      selector: "edge.near",
      style: {
        "line-opacity": 1,
        "line-color": colors.link,
        "target-arrow-color": colors.link,
        "z-index": 9,
      },
    },
    { selector: "edge.labelled", style: { "min-zoomed-font-size": 7, "font-size": 11, color: colors.ink } },
    { selector: "node.near", style: { "z-index": 9, "text-opacity": 1 } },
    {
      selector: "node.selected",
      style: { "border-color": colors.focus, "border-width": 4, "min-zoomed-font-size": 0, "font-weight": 600, "z-index": 10 },
    },
    { selector: "edge.selected", style: { "line-color": colors.focus, "target-arrow-color": colors.focus, width: 3 } },
    { selector: ".off", style: { display: "none" } },
  ] as StylesheetJson;
}
