// Searching in texts, their widths, and characters that XML forbids.

/** Characters that XML 1.0 forbids even when escaped: control characters, lone surrogates and two noncharacters. */
export const FORBIDDEN = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

/** Estimates the width of a text from its characters, since measuring hundreds of texts is slow. */
export function estimateWidth(text: string, size: number): number {
  let sum = 0;
  for (const character of text) sum += WIDE.test(character) ? 1 : 0.52;
  return sum * size;
}

/** Truncates a text to a number of columns; a wide character takes two. */
export function truncate(text: string, maxColumns: number): string {
  let sum = 0;
  let result = "";
  for (const character of text) {
    sum += WIDE.test(character) ? 2 : 1;
    if (sum > maxColumns) return `${result.trimEnd()}…`;
    result += character;
  }
  return result;
}

/** Removes case and accents. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Returns a function that checks whether a text has all words of a search, regardless of case and accents. */
export function matcherOf(search: string): (text: string) => boolean {
  const words = fold(search).split(/\s+/).filter(Boolean);
  return (text) => {
    const folded = words.length ? fold(text) : "";
    return words.every((word) => folded.includes(word));
  };
}
