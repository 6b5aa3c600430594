// How wide texts are, by their signs.

/** What XML 1.0 cannot hold, not even escaped: control characters, halves of pairs, two that are no characters. */
export const FORBIDDEN = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

/** About how wide a text is; nothing is drawn to find it out, since there may be hundreds. */
export function widthOf(text: string, size: number): number {
  let sum = 0;
  for (const sign of text) sum += WIDE.test(sign) ? 1 : 0.52;
  return sum * size;
}

export function truncate(text: string, most: number): string {
  let sum = 0;
  let kept = "";
  for (const sign of text) {
    sum += WIDE.test(sign) ? 2 : 1;
    if (sum > most) return `${kept.trimEnd()}…`;
    kept += sign;
  }
  return kept;
}
