// Draws a part of the page as SVG: boxes, lines of text and drawings at their positions in the browser.

const canvas = document.createElement("canvas");
canvas.width = canvas.height = 1;
const context = canvas.getContext("2d", { willReadFrequently: true });
const cache = new Map<string, string>();

/** Returns a computed colour as #rrggbb, as rgba(…) if it is translucent, or as "none" if it is transparent. */
export function paintOf(color: string): string {
  if (color === "none" || color.startsWith("url(")) return color.replaceAll('"', "");
  const paint = cache.get(color) ?? readPixel(color);
  cache.set(color, paint);
  return paint;
}

/** Converts a colour by painting a pixel, since computed colours may be in colour spaces that SVG viewers do not support. */
function readPixel(color: string): string {
  if (!context) return color;
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
  if (alpha === 0) return "none";
  if (alpha < 255) return `rgba(${red},${green},${blue},${(alpha / 255).toFixed(3)})`;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Returns the y coordinate of the baseline of a line of text, from its box in the browser. */
function baselineOf(box: { top: number; height: number }, font: string): number {
  if (!context) return box.top + box.height * 0.8;
  context.font = font;
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = context.measureText("x");
  return box.top + (box.height - ascent - descent) / 2 + ascent;
}

/** Returns the width of a text in pixels. */
export function measure(text: string, font: string): number {
  if (!context) return text.length * 8;
  context.font = font;
  return context.measureText(text).width;
}

const SVG = "http://www.w3.org/2000/svg";

// Properties that style sheets may set: name, default value, and whether it is inherited.
const STYLE_PROPERTIES: readonly (readonly [name: string, initial: string, isInherited: boolean])[] = [
  ["fill", "#000000", true],
  ["fill-opacity", "1", true],
  ["stroke", "none", true],
  ["stroke-width", "1px", true],
  ["stroke-opacity", "1", true],
  ["stroke-dasharray", "none", true],
  ["stroke-linejoin", "miter", true],
  ["stroke-linecap", "butt", true],
  ["opacity", "1", false],
  ["vector-effect", "none", false],
  ["font-family", "", true],
  ["font-size", "", true],
  ["font-weight", "400", true],
  ["text-anchor", "start", true],
  ["dominant-baseline", "auto", true],
  ["paint-order", "normal", true],
];
const COLOR_PROPERTIES = ["fill", "stroke"];
const OMITTED_ATTRIBUTES = /^(class|style|role|tabindex|href|xlink:.*|xmlns.*|aria-.*|data-.*|on.*)$/;
const OMITTED_ELEMENTS = ["desc", "foreignObject", "script", "style"];

/** Creates an SVG element with attributes. */
export function svgElement(name: string, attributes: Readonly<Record<string, string | number>> = {}): SVGElement {
  const created = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, typeof value === "number" ? round(value) : value);
  return created;
}

/** Copies an element with its descendants; returns null if it is not visible. */
function copyElement(original: SVGElement, inheritedStyle: ReadonlyMap<string, string> = new Map()): SVGElement | null {
  const name = original.localName;
  if (name === "title") {
    const title = svgElement("title");
    title.textContent = original.textContent;
    return title;
  }
  const style = getComputedStyle(original);
  if (OMITTED_ELEMENTS.includes(name) || (style.display === "none" && name !== "defs")) return null;
  const copy = svgElement(name === "a" ? "g" : name);
  for (const { name: key, value } of original.attributes)
    if (!OMITTED_ATTRIBUTES.test(key) && !STYLE_PROPERTIES.some(([property]) => property === key)) copy.setAttribute(key, value);
  const ownStyle = new Map<string, string>();
  for (const [key, initial, isInherited] of STYLE_PROPERTIES) {
    const computed = style.getPropertyValue(key);
    const value = COLOR_PROPERTIES.includes(key) ? paintOf(computed) : computed;
    ownStyle.set(key, value);
    const defaultValue = isInherited ? (inheritedStyle.get(key) ?? initial) : initial;
    if (value !== defaultValue) copy.setAttribute(key, value);
  }
  // Fixes the length of the text in case another font is used.
  if (original instanceof SVGTextElement && original.textContent) fixLength(copy, original.getComputedTextLength());
  for (const child of original.childNodes) {
    if (child instanceof SVGElement) {
      const childCopy = copyElement(child, ownStyle);
      if (childCopy) copy.append(childCopy);
    } else if (child instanceof Text) copy.append(child.data);
  }
  return copy;
}

/** Gives a text a fixed length, whatever font is used. */
export function fixLength(text: SVGElement, length: number): void {
  if (length <= 0) return;
  text.setAttribute("textLength", round(length));
  text.setAttribute("lengthAdjust", "spacingAndGlyphs");
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

// Controls, hints and entries for what is not drawn are not part of a picture.
const OMITTED = ".tools, .switch, .entries h2 a, .entries .off, .zoom, .further, .card, .hint, .unseen, .empty, button, input, select";
const SIDES = ["top", "right", "bottom", "left"] as const;

export interface Drawing {
  readonly marks: readonly SVGElement[];
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Draws the visible parts of an element; returns null if there are none. */
export function draw(root: Element): Drawing | null {
  const marks: SVGElement[] = [];
  const rects: DOMRect[] = [];
  const visit = (node: Node) => {
    if (node instanceof Text) drawText(node, marks, rects);
    else if (node instanceof Element && !node.matches(OMITTED)) {
      const style = getComputedStyle(node);
      const box = node.getBoundingClientRect();
      if (style.display === "none" || style.visibility === "hidden") return;
      const hasBox = drawBox(style, box, marks);
      if (node instanceof SVGSVGElement) drawSvg(node, style, box, marks);
      else for (const child of node.childNodes) visit(child);
      if (hasBox || node instanceof SVGSVGElement) rects.push(box);
    }
  };
  visit(root);
  if (!rects.length) return null;
  const minimum = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b));
  const maximum = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b));
  const [left, top] = [minimum(rects.map((rect) => rect.left)), minimum(rects.map((rect) => rect.top))];
  const [right, bottom] = [maximum(rects.map((rect) => rect.right)), maximum(rects.map((rect) => rect.bottom))];
  return { marks, left, top, width: right - left, height: bottom - top };
}

function drawSvg(svg: SVGSVGElement, style: CSSStyleDeclaration, box: DOMRect, marks: SVGElement[]): void {
  const copy = copyElement(svg);
  if (!copy) return;
  const border = Number.parseFloat(style.borderLeftWidth) || 0;
  const [width, height] = [box.width - 2 * border, box.height - 2 * border];
  const attributes = {
    x: box.left + border,
    y: box.top + border,
    width,
    height,
    overflow: style.overflow === "visible" ? "visible" : "hidden",
  };
  for (const [name, value] of Object.entries(attributes)) copy.setAttribute(name, String(value));
  if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
  marks.push(copy);
}

/** Draws the background and borders of an element; returns false if there are none. */
function drawBox(style: CSSStyleDeclaration, box: DOMRect, marks: SVGElement[]): boolean {
  if (!box.width || !box.height) return false;
  const opacity = style.opacity === "1" ? {} : { opacity: style.opacity };
  const before = marks.length;
  const background = paintOf(style.backgroundColor);
  const rx = Math.min(Number.parseFloat(style.borderTopLeftRadius) || 0, box.height / 2);
  if (background !== "none")
    marks.push(svgElement("rect", { x: box.left, y: box.top, width: box.width, height: box.height, rx, fill: background, ...opacity }));
  for (const side of SIDES) {
    const width = Number.parseFloat(style.getPropertyValue(`border-${side}-width`)) || 0;
    const stroke = paintOf(style.getPropertyValue(`border-${side}-color`));
    if (!width || stroke === "none") continue;
    const isHorizontal = side === "top" || side === "bottom";
    const [x, y] = [side === "right" ? box.right - width : box.left, side === "bottom" ? box.bottom - width : box.top];
    marks.push(
      svgElement("rect", { x, y, width: isHorizontal ? box.width : width, height: isHorizontal ? width : box.height, fill: stroke }),
    );
  }
  return marks.length > before;
}

function drawText(node: Text, marks: SVGElement[], rects: DOMRect[]): void {
  if (!node.data.trim() || !node.parentElement) return;
  const style = getComputedStyle(node.parentElement);
  const font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  for (const { text, box } of linesOf(node)) {
    const line = svgElement("text", {
      x: box.left,
      y: baselineOf(box, font),
      fill: paintOf(style.color),
      "font-family": style.fontFamily,
      "font-size": style.fontSize,
      "font-weight": style.fontWeight,
    });
    line.textContent = text;
    fixLength(line, box.width);
    marks.push(line);
    rects.push(box);
  }
}

/** Returns the lines into which the browser has wrapped a text. */
function linesOf(node: Text): { text: string; box: DOMRect }[] {
  const range = document.createRange();
  const lines: { text: string; box: DOMRect }[] = [];
  let offset = 0;
  for (const character of node.data) {
    range.setStart(node, offset);
    offset += character.length;
    range.setEnd(node, offset);
    const box = [...range.getClientRects()].at(-1);
    const last = lines.at(-1);
    if (!box) continue;
    if (last && Math.abs(last.box.top - box.top) < box.height / 2) {
      last.text += character;
      // A space at the end of a line has no width.
      if (character.trim()) last.box = new DOMRect(last.box.left, last.box.top, box.right - last.box.left, last.box.height);
    } else if (character.trim()) lines.push({ text: character, box });
  }
  return lines.map(({ text, box }) => ({ text: text.replace(/\s+/g, " ").trimEnd(), box }));
}
