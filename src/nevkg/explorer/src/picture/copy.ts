// Copies SVG as it is seen: what style sheets say becomes attributes, and what only a page understands is left out.
import { paintOf } from "./paint";

export const SVG = "http://www.w3.org/2000/svg";

// Properties that style sheets may set: the default value, and whether it is inherited.
const STYLED: readonly (readonly [name: string, usual: string, inherited: boolean])[] = [
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
const COLORS = ["fill", "stroke"];
const NOT_COPIED = /^(class|style|role|tabindex|href|xlink:.*|xmlns.*|aria-.*|data-.*|on.*)$/;
const NOT_DRAWN = ["desc", "foreignObject", "script", "style"];

/** A new element of SVG with these attributes. */
export function element(name: string, attributes: Readonly<Record<string, string | number>> = {}): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, typeof value === "number" ? rounded(value) : value);
  return made;
}

/** A copy of an element and of all in it; null for what is not seen. */
export function copyOf(original: SVGElement, above: ReadonlyMap<string, string> = new Map()): SVGElement | null {
  const name = original.localName;
  if (name === "title") {
    const title = element("title");
    title.textContent = original.textContent;
    return title;
  }
  const style = getComputedStyle(original);
  if (NOT_DRAWN.includes(name) || (style.display === "none" && name !== "defs")) return null;
  const copy = element(name === "a" ? "g" : name);
  for (const { name: key, value } of original.attributes)
    if (!NOT_COPIED.test(key) && !STYLED.some(([styled]) => styled === key)) copy.setAttribute(key, value);
  const own = new Map<string, string>();
  for (const [key, usual, inherited] of STYLED) {
    const computed = style.getPropertyValue(key);
    const value = COLORS.includes(key) ? paintOf(computed) : computed;
    own.set(key, value);
    const otherwise = inherited ? (above.get(key) ?? usual) : usual;
    if (value !== otherwise) copy.setAttribute(key, value);
  }
  // With another font it is as long as with this one.
  if (original instanceof SVGTextElement && original.textContent) fit(copy, original.getComputedTextLength());
  for (const child of original.childNodes) {
    if (child instanceof SVGElement) {
      const inner = copyOf(child, own);
      if (inner) copy.append(inner);
    } else if (child instanceof Text) copy.append(child.data);
  }
  return copy;
}

/** Gives a text its length, whatever font there will be. */
export function fit(text: SVGElement, length: number): void {
  if (length <= 0) return;
  text.setAttribute("textLength", rounded(length));
  text.setAttribute("lengthAdjust", "spacingAndGlyphs");
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
