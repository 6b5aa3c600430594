// Draws a part of the page as SVG: boxes, lines of text and drawings, where the browser has placed them.
import { copyOf, element, fit } from "./copy";
import { baselineOf, paintOf } from "./paint";

// What can be done with a picture does not belong to it.
const LEFT_OUT = ".tools, .zoom, .further, .card, .hint, .unseen, .empty, button, input, select";
const SIDES = ["top", "right", "bottom", "left"] as const;

export interface Drawn {
  readonly marks: readonly SVGElement[];
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What is seen of an element; null if that is nothing. */
export function draw(root: Element): Drawn | null {
  const marks: SVGElement[] = [];
  const rects: DOMRect[] = [];
  const visit = (node: Node) => {
    if (node instanceof Text) drawText(node, marks, rects);
    else if (node instanceof Element && !node.matches(LEFT_OUT)) {
      const style = getComputedStyle(node);
      const box = node.getBoundingClientRect();
      if (style.display === "none" || style.visibility === "hidden") return;
      const drawn = drawBox(style, box, marks);
      if (node instanceof SVGSVGElement) drawSvg(node, style, box, marks);
      else for (const child of node.childNodes) visit(child);
      if (drawn || node instanceof SVGSVGElement) rects.push(box);
    }
  };
  visit(root);
  if (!rects.length) return null;
  const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b));
  const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b));
  const [left, top] = [least(rects.map((rect) => rect.left)), least(rects.map((rect) => rect.top))];
  const [right, bottom] = [most(rects.map((rect) => rect.right)), most(rects.map((rect) => rect.bottom))];
  return { marks, left, top, width: right - left, height: bottom - top };
}

function drawSvg(svg: SVGSVGElement, style: CSSStyleDeclaration, box: DOMRect, marks: SVGElement[]): void {
  const copy = copyOf(svg);
  if (!copy) return;
  const edge = Number.parseFloat(style.borderLeftWidth) || 0;
  const [width, height] = [box.width - 2 * edge, box.height - 2 * edge];
  const place = { x: box.left + edge, y: box.top + edge, width, height, overflow: style.overflow === "visible" ? "visible" : "hidden" };
  for (const [name, value] of Object.entries(place)) copy.setAttribute(name, String(value));
  if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
  marks.push(copy);
}

/** Ground and borders; false if there are none. */
function drawBox(style: CSSStyleDeclaration, box: DOMRect, marks: SVGElement[]): boolean {
  if (!box.width || !box.height) return false;
  const opacity = style.opacity === "1" ? {} : { opacity: style.opacity };
  const before = marks.length;
  const ground = paintOf(style.backgroundColor);
  const rx = Math.min(Number.parseFloat(style.borderTopLeftRadius) || 0, box.height / 2);
  if (ground !== "none")
    marks.push(element("rect", { x: box.left, y: box.top, width: box.width, height: box.height, rx, fill: ground, ...opacity }));
  for (const side of SIDES) {
    const wide = Number.parseFloat(style.getPropertyValue(`border-${side}-width`)) || 0;
    const stroke = paintOf(style.getPropertyValue(`border-${side}-color`));
    if (!wide || stroke === "none") continue;
    const isAcross = side === "top" || side === "bottom";
    const [x, y] = [side === "right" ? box.right - wide : box.left, side === "bottom" ? box.bottom - wide : box.top];
    marks.push(element("rect", { x, y, width: isAcross ? box.width : wide, height: isAcross ? wide : box.height, fill: stroke }));
  }
  return marks.length > before;
}

function drawText(node: Text, marks: SVGElement[], rects: DOMRect[]): void {
  if (!node.data.trim() || !node.parentElement) return;
  const style = getComputedStyle(node.parentElement);
  const font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  for (const { text, box } of linesOf(node)) {
    const line = element("text", {
      x: box.left,
      y: baselineOf(box, font),
      fill: paintOf(style.color),
      "font-family": style.fontFamily,
      "font-size": style.fontSize,
      "font-weight": style.fontWeight,
    });
    line.textContent = text;
    fit(line, box.width);
    marks.push(line);
    rects.push(box);
  }
}

/** The lines into which the browser has broken a text. */
function linesOf(node: Text): { text: string; box: DOMRect }[] {
  const range = document.createRange();
  const lines: { text: string; box: DOMRect }[] = [];
  let place = 0;
  for (const sign of node.data) {
    range.setStart(node, place);
    place += sign.length;
    range.setEnd(node, place);
    const box = [...range.getClientRects()].at(-1);
    const last = lines.at(-1);
    if (!box) continue;
    if (last && Math.abs(last.box.top - box.top) < box.height / 2) {
      last.text += sign;
      // A space at the end of a line takes no room.
      if (sign.trim()) last.box = new DOMRect(last.box.left, last.box.top, box.right - last.box.left, last.box.height);
    } else if (sign.trim()) lines.push({ text: sign, box });
  }
  return lines.map(({ text, box }) => ({ text: text.replace(/\s+/g, " ").trimEnd(), box }));
}
