// Positions of nodes: of new ones, and the next one in a direction.

export interface Point {
  readonly x: number;
  readonly y: number;
}

const DISTANCE = 70; // pixels between new nodes

/** The mean of points, or the origin if there are none. */
export function middleOf(points: readonly Point[]): Point {
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / Math.max(1, points.length);
  return { x: mean((point) => point.x), y: mean((point) => point.y) };
}

/** Places new nodes in a ring around the node that each was expanded from. */
export function placeAround(
  fresh: readonly string[],
  parents: ReadonlyMap<string, string>,
  positions: ReadonlyMap<string, Point>,
  middle: Point,
): Map<string, Point> {
  const rings = new Map<string, string[]>();
  for (const name of fresh) {
    const parent = parents.get(name) ?? "";
    rings.set(parent, [...(rings.get(parent) ?? []), name]);
  }
  const placed = new Map<string, Point>();
  for (const [parent, names] of rings) {
    const center = positions.get(parent) ?? placed.get(parent) ?? middle;
    const radius = Math.max(DISTANCE * 1.6, (names.length * DISTANCE) / (2 * Math.PI));
    // Begins away from the middle of the picture, where there is room.
    const start = Math.atan2(center.y - middle.y, center.x - middle.x);
    names.forEach((name, index) => {
      const angle = start + ((index - (names.length - 1) / 2) / names.length) * 2 * Math.PI;
      placed.set(name, { x: center.x + radius * Math.cos(angle), y: center.y + radius * Math.sin(angle) });
    });
  }
  return placed;
}

const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Returns the nearest node in the direction of an arrow key; a distance to the side counts more than one ahead. */
export function findNext(key: string, from: string, positions: ReadonlyMap<string, Point>): string | null {
  const [direction, start] = [DIRECTIONS[key], positions.get(from)];
  if (!direction || !start) return null;
  let nearest: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [name, point] of positions) {
    const [x, y] = [point.x - start.x, point.y - start.y];
    const ahead = x * direction.x + y * direction.y;
    const aside = Math.abs(x * direction.y - y * direction.x);
    if (name === from || ahead <= 0 || aside > ahead * 1.7) continue;
    const cost = ahead + aside * 1.5;
    if (cost < least) [least, nearest] = [cost, name];
  }
  return nearest;
}
