// Packs labelled boxes into as few rows as possible without overlap.

export interface Box {
  readonly left: number;
  readonly right: number;
  /** The width of the label. */
  readonly label: number;
  /** Whether the label may go before the box if there is no room after it. */
  readonly allowsLabelBefore?: boolean;
}

export interface Placement {
  readonly row: number;
  readonly labelSide: "after" | "before" | null;
}

const GAP = 6;

/** Packs boxes that are sorted by their left edge. Boxes that need more than `maxLabelledRows` rows have no label. */
export function pack(
  boxes: readonly Box[],
  width: number,
  maxLabelledRows: number,
): { readonly placements: readonly Placement[]; readonly rows: number } {
  const ends: number[] = [];
  const firstFreeRow = (begin: number) => ends.findIndex((end) => end <= begin);
  const place = (row: number, end: number, labelSide: Placement["labelSide"]): Placement => {
    ends[row] = end + GAP;
    return { row, labelSide };
  };
  const placeLabelled = (begin: number, end: number, labelSide: Placement["labelSide"]): Placement | null => {
    const row = firstFreeRow(begin) < 0 ? ends.length : firstFreeRow(begin);
    return row < maxLabelledRows ? place(row, end, labelSide) : null;
  };
  const placements = boxes.map(({ left, right, label, allowsLabelBefore }) => {
    const [begin, end] = [left - 2 * GAP - label, right + GAP + label];
    const withLabel =
      end <= width ? placeLabelled(left, end, "after") : allowsLabelBefore && begin >= 0 ? placeLabelled(begin, right, "before") : null;
    return withLabel ?? place(firstFreeRow(left) < 0 ? ends.length : firstFreeRow(left), right - GAP / 2, null);
  });
  return { placements, rows: Math.max(1, ends.length) };
}
