// Embeds the fonts of the page in a picture. Viewers that do not support embedded fonts use their own.

/** Returns `@font-face` rules with embedded files for the fonts that a text needs. */
export async function fontRules(text: string): Promise<string> {
  const codePoints = new Set([...text].map((character) => character.codePointAt(0) ?? 0));
  const faces = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule));
  const needed = faces.filter(({ style }) => {
    const family = style.getPropertyValue("font-family").replaceAll(/["']/g, "");
    return text.includes(family) && rangesOf(style.getPropertyValue("unicode-range")).some(([from, to]) => hasAny(codePoints, from, to));
  });
  return (await Promise.all(needed.map(embeddedRule))).join("\n");
}

async function embeddedRule({ style, parentStyleSheet }: CSSFontFaceRule): Promise<string> {
  const [, path = ""] = /url\(["']?([^"')]+)["']?\)/.exec(style.getPropertyValue("src")) ?? [];
  const response = await fetch(new URL(path, parentStyleSheet?.href ?? document.baseURI));
  const data = await dataUrl(await response.blob());
  const descriptors = ["font-family", "font-style", "font-weight", "unicode-range"].map(
    (name) => `${name}:${style.getPropertyValue(name)}`,
  );
  return `@font-face{${descriptors.join(";")};src:url(${data}) format("woff2")}`;
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** Parses a unicode-range such as "U+0-FF, U+131" to pairs of numbers. */
export function rangesOf(ranges: string): [number, number][] {
  return ranges
    .split(",")
    .map((range) => range.trim().replace(/^U\+/i, "").split("-"))
    .map(([from = "", to = from]) => [Number.parseInt(from.replaceAll("?", "0"), 16), Number.parseInt(to.replaceAll("?", "F"), 16)]);
}

function hasAny(codePoints: ReadonlySet<number>, from: number, to: number): boolean {
  for (const codePoint of codePoints) if (codePoint >= from && codePoint <= to) return true;
  return false;
}
