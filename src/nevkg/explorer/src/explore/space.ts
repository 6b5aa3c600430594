// Which parts of the plane are occupied, so that labels cover neither each other nor nodes.

export interface Box {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

const CELL = 160; // pixels

/** The occupied parts of the plane, in a grid. */
export class Space {
  private readonly cells = new Map<string, { readonly box: Box; readonly owner: string }[]>();

  /** Adds a box of a node, or of a label if `owner` is empty. */
  occupy(box: Box, owner: string): void {
    for (const cell of cellsOf(box)) {
      const boxes = this.cells.get(cell);
      if (boxes) boxes.push({ box, owner });
      else this.cells.set(cell, [{ box, owner }]);
    }
  }

  /** Whether a box covers no label, and no node except `node`; with null, nodes do not matter. */
  isFree(box: Box, node: string | null): boolean {
    const matters = (owner: string) => owner === "" || (node !== null && owner !== node);
    return !cellsOf(box).some((cell) => this.cells.get(cell)?.some((other) => matters(other.owner) && overlap(box, other.box)));
  }
}

function cellsOf({ x1, x2, y1, y2 }: Box): string[] {
  const cells: string[] = [];
  for (let x = Math.floor(x1 / CELL); x <= Math.floor(x2 / CELL); x++)
    for (let y = Math.floor(y1 / CELL); y <= Math.floor(y2 / CELL); y++) cells.push(`${x} ${y}`);
  return cells;
}

export function overlap(a: Box, b: Box): boolean {
  return a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2;
}
