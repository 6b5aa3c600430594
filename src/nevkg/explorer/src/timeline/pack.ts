// Marks and their labels in rows, so that nothing lies over anything.

export interface Box {
  readonly left: number;
  readonly right: number;
  /** How wide its label is. */
  readonly label: number;
}

export interface Placed {
  readonly row: number;
  readonly labelled: boolean;
}

const GAP = 6;

/** For boxes in the order of their left edge. Labels are given up where `most` rows do not suffice. */
export function pack(boxes: readonly Box[], width: number, most: number): { readonly placed: readonly Placed[]; readonly rows: number } {
  const ends: number[] = [];
  const placed = boxes.map((box) => {
    const whole = box.right + GAP + box.label;
    const fits = whole <= width;
    const free = ends.findIndex((end) => end <= box.left);
    const row = free >= 0 ? free : ends.length < most || !fits ? ends.length : -1;
    if (row >= 0 && fits && row < most) {
      ends[row] = whole + GAP;
      return { row, labelled: true };
    }
    const last = row >= 0 ? row : ends.length;
    ends[last] = box.right + GAP / 2;
    return { row: last, labelled: false };
  });
  return { placed, rows: Math.max(1, ends.length) };
}
