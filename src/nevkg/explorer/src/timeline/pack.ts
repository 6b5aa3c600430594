// Boxes with labels into rows, as tightly as they go without touching.

export interface Box {
  readonly left: number;
  readonly right: number;
  /** The width of the label. */
  readonly label: number;
  /** Whether the label may stand before the box, where there is no room behind it. */
  readonly leads?: boolean;
}

export interface Placed {
  readonly row: number;
  readonly labelled: "behind" | "before" | null;
}

const GAP = 6;

/** For boxes in the order of their left edge. Labels are given up where `most` rows do not suffice. */
export function pack(boxes: readonly Box[], width: number, most: number): { readonly placed: readonly Placed[]; readonly rows: number } {
  const ends: number[] = [];
  const free = (begin: number) => ends.findIndex((end) => end <= begin);
  const put = (row: number, end: number, labelled: Placed["labelled"]): Placed => {
    ends[row] = end + GAP;
    return { row, labelled };
  };
  const labelled = (begin: number, end: number, where: Placed["labelled"]): Placed | null => {
    const row = free(begin) < 0 ? ends.length : free(begin);
    return row < most ? put(row, end, where) : null;
  };
  const placed = boxes.map(({ left, right, label, leads }) => {
    const [begin, end] = [left - 2 * GAP - label, right + GAP + label];
    const found = end <= width ? labelled(left, end, "behind") : leads && begin >= 0 ? labelled(begin, right, "before") : null;
    return found ?? put(free(left) < 0 ? ends.length : free(left), right - GAP / 2, null);
  });
  return { placed, rows: Math.max(1, ends.length) };
}
