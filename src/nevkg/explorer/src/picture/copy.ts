// Copies SVG for use outside the page: computed styles become attributes, and attributes that only a page uses are omitted.
import { paintOf } from "./paint";

export const SVG = "http://www.w3.org/2000/svg";

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
export function copyElement(original: SVGElement, inheritedStyle: ReadonlyMap<string, string> = new Map()): SVGElement | null {
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
