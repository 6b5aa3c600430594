// The fonts of the page as a part of a picture, so that it looks the same elsewhere. Readers without this feature use their own.

/** Rules for the fonts that a text needs, with the files in them. */
export async function fontRules(text: string): Promise<string> {
  const signs = new Set([...text].map((sign) => sign.codePointAt(0) ?? 0));
  const faces = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule));
  const needed = faces.filter(({ style }) => {
    const family = style.getPropertyValue("font-family").replaceAll(/["']/g, "");
    return text.includes(family) && rangesOf(style.getPropertyValue("unicode-range")).some(([from, to]) => has(signs, from, to));
  });
  return (await Promise.all(needed.map(embedded))).join("\n");
}

async function embedded({ style, parentStyleSheet }: CSSFontFaceRule): Promise<string> {
  const [, path = ""] = /url\(["']?([^"')]+)["']?\)/.exec(style.getPropertyValue("src")) ?? [];
  const reply = await fetch(new URL(path, parentStyleSheet?.href ?? document.baseURI));
  const data = await dataUrl(await reply.blob());
  const rest = ["font-family", "font-style", "font-weight", "unicode-range"].map((name) => `${name}:${style.getPropertyValue(name)}`);
  return `@font-face{${rest.join(";")};src:url(${data}) format("woff2")}`;
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** U+0-FF, U+131 as pairs of numbers. */
export function rangesOf(ranges: string): [number, number][] {
  return ranges
    .split(",")
    .map((range) => range.trim().replace(/^U\+/i, "").split("-"))
    .map(([from = "", to = from]) => [Number.parseInt(from.replaceAll("?", "0"), 16), Number.parseInt(to.replaceAll("?", "F"), 16)]);
}

function has(signs: ReadonlySet<number>, from: number, to: number): boolean {
  for (const sign of signs) if (sign >= from && sign <= to) return true;
  return false;
}
