// The picture of a view for download, with title and caption.

import { FORBIDDEN } from "../ui/text";
import { computeColor } from "../ui/theme";
import { type Drawing, draw, fixLength, measure, paintOf, svgElement } from "./draw";
import { fontRules, wrap } from "./text";

/** The sizes of a picture in pixels: as high as its content, or a slide, into which the content is fitted. */
interface Layout {
  readonly margin: number;
  readonly title: number;
  readonly about: number;
  readonly from: number;
  readonly slide?: { readonly width: number; readonly height: number };
}

const PAGE: Layout = { margin: 24, title: 20, about: 13, from: 11.5 };
const SLIDE: Layout = { margin: 32, title: 26, about: 14, from: 10, slide: { width: 1280, height: 720 } };
const GAP = 16;
const MIN_WIDTH = 600; // pixels for a title and a citation
const MAX_ENLARGEMENT = 1.8;
const LINE = 1.4; // of the size of a text

/** The texts around a picture. */
export interface Caption {
  readonly title: string;
  readonly about: readonly string[]; // below the title: filters, days
  readonly from: readonly string[]; // below the picture: sources, citation
}

interface Line {
  readonly text: string;
  readonly size: number;
  readonly weight: number;
  readonly fill: string;
  readonly length: number;
}

/**
 * Renders all elements with `data-picture` as one SVG document; returns null if there are none. A page is in the present theme and
 * as high as its content; a slide is light, 16:9.
 */
export async function renderPicture({ title, about, from }: Caption, isSlide = false): Promise<string | null> {
  const parts = [...document.querySelectorAll<HTMLElement>("main [data-picture]")];
  const { blocks, ground, ink, quiet, line } = asSlide(isSlide, () => {
    const color = (name: string) => paintOf(computeColor(name));
    return {
      blocks: withoutSticky(parts, () => parts.map(draw).filter((drawing) => drawing !== null)),
      ...{ ground: color("--ground"), ink: color("--ink"), quiet: color("--quiet"), line: color("--line") },
    };
  });
  if (!blocks.length) return null;
  const layout = isSlide ? SLIDE : PAGE;
  const notes = parts.map(({ dataset }) => dataset.picture ?? "").filter((note) => note && note !== "true");
  const style = getComputedStyle(document.documentElement);
  const widest = Math.max(...blocks.map((block) => block.width));
  const width = layout.slide?.width ?? Math.ceil(Math.max(MIN_WIDTH, widest)) + 2 * layout.margin;
  const picture = svgElement("svg", { role: "img", "font-family": style.getPropertyValue("--text").trim() || "sans-serif" });
  picture.append(textElement("title", title), textElement("desc", [...about, ...notes, ...from].join("\n")));
  const background = svgElement("rect", { fill: ground, width });
  picture.append(background);
  const wrapText = (text: string, size: number, weight: number, fill: string): Line[] => {
    const font = `${weight} ${size}px ${style.getPropertyValue("--text")}`;
    const lines = wrap(text, width - 2 * layout.margin, (part) => measure(part, font));
    return lines.map((part) => ({ text: part, size, weight, fill, length: measure(part, font) }));
  };
  const heightOf = (lines: readonly Line[]) => lines.reduce((sum, { size }) => sum + size * LINE, 0);
  const head = [
    ...wrapText(title, layout.title, 600, ink),
    ...[...about, ...notes].flatMap((text) => wrapText(text, layout.about, 400, quiet)),
  ];
  const foot = from.flatMap((text) => wrapText(text, layout.from, 400, quiet));
  let y = layout.margin;
  const write = (lines: readonly Line[]) => {
    for (const { text, size, weight, fill, length } of lines) {
      const lineElement = svgElement("text", { x: layout.margin, y: y + size, "font-size": size, "font-weight": weight, fill });
      lineElement.textContent = text;
      fixLength(lineElement, length);
      picture.append(lineElement);
      y += size * LINE;
    }
  };
  write(head);
  const blocksHeight = blocks.reduce((sum, block) => sum + block.height + GAP, 0);
  const footTop = layout.slide ? layout.slide.height - layout.margin - heightOf(foot) - GAP : 0;
  const scale = layout.slide ? Math.min(MAX_ENLARGEMENT, (width - 2 * layout.margin) / widest, (footTop - y - GAP) / blocksHeight) : 1;
  const left = layout.slide ? Math.max(layout.margin, (width - widest * scale) / 2) : layout.margin;
  for (const block of blocks) {
    y += GAP * scale;
    picture.append(place(block, left, y, scale));
    y += block.height * scale;
  }
  y = layout.slide ? footTop : y + GAP;
  picture.append(svgElement("rect", { x: layout.margin, y, width: width - 2 * layout.margin, height: 1, fill: line }));
  y += GAP / 2;
  write(foot);
  const height = layout.slide?.height ?? Math.ceil(y + layout.margin);
  background.setAttribute("height", String(height));
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` }))
    picture.setAttribute(name, String(value));
  const fonts = svgElement("style");
  fonts.textContent = await fontRules(new XMLSerializer().serializeToString(picture));
  picture.prepend(fonts);
  const text = new XMLSerializer().serializeToString(picture).replace(FORBIDDEN, "");
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`;
}

function place({ marks, left, top }: Drawing, x: number, y: number, scale: number): SVGElement {
  const shift = `translate(${(x - left * scale).toFixed(2)},${(y - top * scale).toFixed(2)})`;
  const group = svgElement("g", { transform: scale === 1 ? shift : `${shift} scale(${scale.toFixed(4)})` });
  group.append(...marks);
  return group;
}

/** Runs a function while the page is light and laid out as on a slide, if it is one. */
function asSlide<T>(isSlide: boolean, run: () => T): T {
  const { dataset } = document.documentElement;
  const before = { ...dataset };
  if (isSlide) Object.assign(dataset, { theme: "light", slide: "" });
  try {
    return run();
  } finally {
    for (const name of isSlide ? ["theme", "slide"] : []) {
      if (name in before) dataset[name] = before[name];
      else delete dataset[name];
    }
  }
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
