// Draws a part of the page as SVG: boxes, lines of text and drawings at their positions in the browser.
import { copyElement, fixLength, svgElement } from "./copy";
import { baselineOf, paintOf } from "./paint";

// Controls and hints are not part of a picture.
const OMITTED = ".tools, .zoom, .further, .card, .hint, .unseen, .empty, button, input, select";
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
