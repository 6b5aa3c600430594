// Markers that would lie over each other are moved apart, as little as may be.

export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly r: number;
}

const TURNS = 24;
const GAP = 1;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** Where the discs are to be drawn, in their order; the same each time. */
export function spread(discs: readonly Disc[], most: number): { x: number; y: number }[] {
  const at = discs.map((disc, place) => ({ x: disc.x + Math.cos(place * GOLDEN) * 0.5, y: disc.y + Math.sin(place * GOLDEN) * 0.5 }));
  const order = discs.map((_, place) => place).sort((a, b) => (at[a]?.x ?? 0) - (at[b]?.x ?? 0));
  const widest = discs.reduce((found, disc) => Math.max(found, disc.r), 0);
  for (let turn = 0; turn < TURNS; turn++) if (!push(discs, at, order, widest, most)) break;
  return at;
}

function push(discs: readonly Disc[], at: { x: number; y: number }[], order: number[], widest: number, most: number): boolean {
  let moved = false;
  order.sort((a, b) => (at[a]?.x ?? 0) - (at[b]?.x ?? 0));
  for (let i = 0; i < order.length; i++) {
    const [one, p] = [discs[order[i] as number] as Disc, at[order[i] as number] as { x: number; y: number }];
    for (let j = i + 1; j < order.length; j++) {
      const [other, q] = [discs[order[j] as number] as Disc, at[order[j] as number] as { x: number; y: number }];
      if (q.x - p.x > one.r + widest + GAP) break;
      const [dx, dy] = [q.x - p.x, q.y - p.y];
      const apart = Math.hypot(dx, dy) || 0.01;
      const lack = one.r + other.r + GAP - apart;
      if (lack <= 0.05) continue;
      moved = true;
      const share = (other.r * other.r) / (one.r * one.r + other.r * other.r); // the greater one moves less
      shift(p, one, (-dx / apart) * lack * share, (-dy / apart) * lack * share, most);
      shift(q, other, (dx / apart) * lack * (1 - share), (dy / apart) * lack * (1 - share), most);
    }
  }
  return moved;
}

function shift(at: { x: number; y: number }, home: Disc, dx: number, dy: number, most: number): void {
  const [x, y] = [at.x + dx - home.x, at.y + dy - home.y];
  const far = Math.hypot(x, y);
  const scale = far > most ? most / far : 1;
  at.x = home.x + x * scale;
  at.y = home.y + y * scale;
}
