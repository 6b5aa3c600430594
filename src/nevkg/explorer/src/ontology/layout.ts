// The positions of boxes and lines in the diagrams.
import type { Thing } from "../api/types";
import type { Link } from "./model";

const ROW_HEIGHT = 27;
const GAP = 10;

export interface Box {
  readonly end: Thing | null;
  readonly top: number;
  readonly height: number;
  readonly rows: readonly { readonly link: Link; readonly y: number }[];
}

/** Lays out one box for each class at the other end of the links, with a row for each property. */
export function layoutColumn(links: readonly Link[]): { boxes: Box[]; height: number } {
  const groups = new Map<string, Link[]>();
  for (const link of links) {
    const key = link.end?.iri ?? "";
    groups.set(key, [...(groups.get(key) ?? []), link]);
  }
  // Own properties come before inherited ones, and properties without a class at the other end come last.
  const order = (group: readonly Link[]) => (group[0]?.end ? 0 : 2) + (group.every(({ isInherited }) => isInherited) ? 1 : 0);
  let top = 0;
  const boxes = [...groups.values()]
    .sort((a, b) => order(a) - order(b))
    .map((group) => {
      const box = {
        end: group[0]?.end ?? null,
        top,
        height: group.length * ROW_HEIGHT,
        rows: group.map((link, index) => ({ link, y: top + (index + 0.5) * ROW_HEIGHT })),
      };
      top += box.height + GAP;
      return box;
    });
  return { boxes, height: Math.max(0, top - GAP) };
}

/** Returns boxes moved down by an offset. */
export function moveDown(boxes: readonly Box[], offset: number): Box[] {
  return boxes.map((box) => ({ ...box, top: box.top + offset, rows: box.rows.map((row) => ({ ...row, y: row.y + offset })) }));
}

/** Returns evenly spaced points on an ellipse, the first at the top. */
export function ellipsePoints(count: number, width: number, height: number): { x: number; y: number }[] {
  return Array.from({ length: count }, (_, index) => {
    const angle = (2 * Math.PI * index) / count - Math.PI / 2;
    return { x: width / 2 + (width / 2) * Math.cos(angle), y: height / 2 + (height / 2) * Math.sin(angle) };
  });
}
