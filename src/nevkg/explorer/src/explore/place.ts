// Where nodes are put, and which is the next in a direction.

export interface Point {
  readonly x: number;
  readonly y: number;
}

const APART = 70;

/** Places for what is new: in a ring around the node from which each was reached, those of one kind side by side. */
export function around(
  fresh: readonly string[],
  parents: ReadonlyMap<string, string>,
  at: ReadonlyMap<string, Point>,
  middle: Point,
): Map<string, Point> {
  const rings = new Map<string, string[]>();
  for (const name of fresh) {
    const parent = parents.get(name) ?? "";
    rings.set(parent, [...(rings.get(parent) ?? []), name]);
  }
  const found = new Map<string, Point>();
  for (const [parent, names] of rings) {
    const centre = at.get(parent) ?? found.get(parent) ?? middle;
    const radius = Math.max(APART * 1.6, (names.length * APART) / (2 * Math.PI));
    // Away from the middle of the picture, where there is room.
    const begin = Math.atan2(centre.y - middle.y, centre.x - middle.x);
    names.forEach((name, place) => {
      const angle = begin + ((place - (names.length - 1) / 2) / names.length) * 2 * Math.PI;
      found.set(name, { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) });
    });
  }
  return found;
}

const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The nearest in the direction of a key; what lies aside counts as further away. */
export function nextIn(key: string, from: string, at: ReadonlyMap<string, Point>): string | null {
  const [direction, own] = [DIRECTIONS[key], at.get(from)];
  if (!direction || !own) return null;
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [name, point] of at) {
    const [x, y] = [point.x - own.x, point.y - own.y];
    const ahead = x * direction.x + y * direction.y;
    const aside = Math.abs(x * direction.y - y * direction.x);
    if (name === from || ahead <= 0 || aside > ahead * 1.7) continue;
    const cost = ahead + aside * 1.5;
    if (cost < least) [least, best] = [cost, name];
  }
  return best;
}
