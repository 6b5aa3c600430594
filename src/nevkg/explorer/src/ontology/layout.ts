// Where the boxes and lines of the diagrams stand.
import type { Thing } from "../api/types";
import type { Link } from "./model";

export const ROW = 27;
const GAP = 10;

export interface Box {
  readonly at: Thing | null;
  readonly top: number;
  readonly height: number;
  readonly rows: readonly { readonly link: Link; readonly y: number }[];
}

/** One box for each thing at the other end, with a row for each property that leads there. */
export function column(links: readonly Link[]): { boxes: Box[]; height: number } {
  const groups = new Map<string, Link[]>();
  for (const link of links) {
    const key = link.at?.iri ?? "";
    groups.set(key, [...(groups.get(key) ?? []), link]);
  }
  // What is its own comes before what is inherited, single values last.
  const order = (group: readonly Link[]) => (group[0]?.at ? 0 : 2) + (group.every((one) => one.inherited) ? 1 : 0);
  let top = 0;
  const boxes = [...groups.values()]
    .sort((a, b) => order(a) - order(b))
    .map((group) => {
      const box = {
        at: group[0]?.at ?? null,
        top,
        height: group.length * ROW,
        rows: group.map((link, place) => ({ link, y: top + (place + 0.5) * ROW })),
      };
      top += box.height + GAP;
      return box;
    });
  return { boxes, height: Math.max(0, top - GAP) };
}

/** The same, moved down. */
export function lowered(boxes: readonly Box[], by: number): Box[] {
  return boxes.map((box) => ({ ...box, top: box.top + by, rows: box.rows.map((row) => ({ ...row, y: row.y + by })) }));
}

/** Places around an ellipse, the first at the top. */
export function around(count: number, width: number, height: number): { x: number; y: number }[] {
  return Array.from({ length: count }, (_, place) => {
    const angle = (2 * Math.PI * place) / count - Math.PI / 2;
    return { x: width / 2 + (width / 2) * Math.cos(angle), y: height / 2 + (height / 2) * Math.sin(angle) };
  });
}

/** A text cut to about so many columns; a Chinese character takes two. */
export function cut(text: string, most: number): string {
  let wide = 0;
  let kept = "";
  for (const letter of text) {
    wide += /[\u2e80-\uffef]/.test(letter) ? 2 : 1;
    if (wide > most) return `${kept.trimEnd()}…`;
    kept += letter;
  }
  return text;
}
