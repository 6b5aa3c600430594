// The text of a picture: its lines and its fonts. Viewers that do not support embedded fonts use their own.

// Spaces, words, or single characters of scripts without spaces between words, with the punctuation that must not be apart from them.
const PIECES =
  /\s+|[（《]*(?:[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+)[）》，、。；：？]*/gu;
// A word may be broken after a hyphen, a date may not.
const AFTER_HYPHEN = /(?<=\p{L}-)(?=\p{L})/u;

/** Wraps a text. A word that is longer than a line, such as an address, is broken anywhere. */
export function wrap(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = "";
  const add = (piece: string) => {
    if (measure(line + piece) <= width || !(line || piece).trim()) {
      line += piece;
      return;
    }
    if (line.trim()) lines.push(line.trim());
    line = "";
    if (measure(piece) <= width) line = piece.trimStart();
    else
      for (const character of piece) {
        if (line && measure(line + character) > width) {
          lines.push(line);
          line = "";
        }
        line += character;
      }
  };
  for (const word of text.match(PIECES) ?? []) word.split(AFTER_HYPHEN).forEach(add);
  return line.trim() ? [...lines, line.trim()] : lines;
}

/** Wraps a text in as few lines, of about the same length: a label of Chinese has no last line of one character. */
export function wrapEvenly(text: string, width: number, measure: (text: string) => number): string[] {
  const lines = wrap(text, width, measure);
  const even = wrap(text, (1.1 * measure(text)) / lines.length, measure);
  return even.length > lines.length ? lines : even;
}

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
