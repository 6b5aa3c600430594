// Spaces, words, or single characters of scripts without spaces between words.
const PIECES = /\s+|[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+/gu;

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
  for (const piece of text.match(PIECES) ?? []) add(piece);
  return line.trim() ? [...lines, line.trim()] : lines;
}
