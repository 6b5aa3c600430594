// The picture of a view for download, with title and caption.

import { FORBIDDEN } from "../ui/text";
import { computeColor } from "../ui/theme";
import { type Drawing, draw, fixLength, measure, paintOf, svgElement } from "./draw";
import { fontRules, wrap } from "./text";

const MARGIN = 24;
const GAP = 16;
const MIN_WIDTH = 600; // pixels for a title and a citation

/** The texts around a picture. */
export interface Caption {
  readonly title: string;
  readonly about: readonly string[]; // below the title: filters, days
  readonly from: readonly string[]; // below the picture: sources, citation
}

/** Renders all elements with `data-picture` in the present theme as one SVG document; returns null if there are none. */
export async function renderPicture({ title, about, from }: Caption): Promise<string | null> {
  const parts = [...document.querySelectorAll<HTMLElement>("main [data-picture]")];
  const blocks = withoutSticky(parts, () => parts.map(draw).filter((drawing) => drawing !== null));
  if (!blocks.length) return null;
  const notes = parts.map(({ dataset }) => dataset.picture ?? "").filter((note) => note && note !== "true");
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => paintOf(computeColor(name));
  const width = Math.ceil(Math.max(MIN_WIDTH, ...blocks.map((block) => block.width))) + 2 * MARGIN;
  const picture = svgElement("svg", { role: "img", "font-family": style.getPropertyValue("--text").trim() || "sans-serif" });
  picture.append(textElement("title", title), textElement("desc", [...about, ...notes, ...from].join("\n")));
  const background = svgElement("rect", { fill: color("--ground"), width });
  picture.append(background);
  let y = MARGIN;
  const write = (text: string, size: number, weight: number, fill: string) => {
    const font = `${weight} ${size}px ${style.getPropertyValue("--text")}`;
    for (const line of wrap(text, width - 2 * MARGIN, (part) => measure(part, font))) {
      const lineElement = svgElement("text", { x: MARGIN, y: y + size, "font-size": size, "font-weight": weight, fill });
      lineElement.textContent = line;
      fixLength(lineElement, measure(line, font));
      picture.append(lineElement);
      y += size * 1.4;
    }
  };
  write(title, 20, 600, color("--ink"));
  for (const text of [...about, ...notes]) write(text, 13, 400, color("--quiet"));
  for (const block of blocks) {
    y += GAP;
    picture.append(translate(block, MARGIN, y));
    y += block.height;
  }
  y += GAP;
  picture.append(svgElement("rect", { x: MARGIN, y, width: width - 2 * MARGIN, height: 1, fill: color("--line") }));
  y += GAP / 2;
  for (const text of from) write(text, 11.5, 400, color("--quiet"));
  const height = Math.ceil(y + MARGIN);
  background.setAttribute("height", String(height));
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` }))
    picture.setAttribute(name, String(value));
  const fonts = svgElement("style");
  fonts.textContent = await fontRules(new XMLSerializer().serializeToString(picture));
  picture.prepend(fonts);
  const text = new XMLSerializer().serializeToString(picture).replace(FORBIDDEN, "");
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`;
}

function translate({ marks, left, top }: Drawing, x: number, y: number): SVGElement {
  const group = svgElement("g", { transform: `translate(${(x - left).toFixed(2)},${(y - top).toFixed(2)})` });
  group.append(...marks);
  return group;
}

function textElement(name: "title" | "desc", text: string): SVGElement {
  const element = svgElement(name);
  element.textContent = text;
  return element;
}

/** Runs a function while sticky elements are at their position in the page. */
function withoutSticky<T>(parts: readonly Element[], run: () => T): T {
  const stickyElements = parts
    .flatMap((part) => [...part.querySelectorAll<HTMLElement>("*")])
    .filter((element) => getComputedStyle(element).position === "sticky");
  for (const element of stickyElements) element.style.position = "static";
  try {
    return run();
  } finally {
    for (const element of stickyElements) element.style.removeProperty("position");
  }
}

const SCALE = 2;
const MAX_LENGTH = 16_000; // pixels per side that browsers can draw

/** Converts an SVG picture to PNG. */
export async function pngOf(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(SCALE, MAX_LENGTH / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser cannot create the PNG file."))), "image/png"),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
