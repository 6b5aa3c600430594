// Moves overlapping markers apart by as little as possible.

interface Disc {
  readonly x: number;
  readonly y: number;
  readonly r: number;
}

const MAX_ITERATIONS = 24;
const GAP = 1;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** Returns the positions of discs, at most `maxShift` from their own. The result is deterministic. */
export function spread(discs: readonly Disc[], maxShift: number): { x: number; y: number }[] {
  const at = discs.map((disc, index) => ({
    x: disc.x + Math.cos(index * GOLDEN_ANGLE) * 0.5,
    y: disc.y + Math.sin(index * GOLDEN_ANGLE) * 0.5,
  }));
  const order = discs.map((_, index) => index).sort((a, b) => (at[a]?.x ?? 0) - (at[b]?.x ?? 0));
  const widest = discs.reduce((max, disc) => Math.max(max, disc.r), 0);
  for (let i = 0; i < MAX_ITERATIONS; i++) if (!separate(discs, at, order, widest, maxShift)) break;
  return at;
}

/** Separates the overlapping pairs once; returns whether there were any. */
function separate(discs: readonly Disc[], at: { x: number; y: number }[], order: number[], widest: number, maxShift: number): boolean {
  let isMoved = false;
  order.sort((a, b) => (at[a]?.x ?? 0) - (at[b]?.x ?? 0));
  for (let i = 0; i < order.length; i++) {
    const [first, p] = [discs[order[i] as number] as Disc, at[order[i] as number] as { x: number; y: number }];
    for (let j = i + 1; j < order.length; j++) {
      const [second, q] = [discs[order[j] as number] as Disc, at[order[j] as number] as { x: number; y: number }];
      if (q.x - p.x > first.r + widest + GAP) break;
      const [dx, dy] = [q.x - p.x, q.y - p.y];
      const distance = Math.hypot(dx, dy) || 0.01;
      const overlap = first.r + second.r + GAP - distance;
      if (overlap <= 0.05) continue;
      isMoved = true;
      const share = (second.r * second.r) / (first.r * first.r + second.r * second.r); // the larger disc moves less
      shift(p, first, (-dx / distance) * overlap * share, (-dy / distance) * overlap * share, maxShift);
      shift(q, second, (dx / distance) * overlap * (1 - share), (dy / distance) * overlap * (1 - share), maxShift);
    }
  }
  return isMoved;
}

function shift(at: { x: number; y: number }, home: Disc, dx: number, dy: number, maxShift: number): void {
  const [x, y] = [at.x + dx - home.x, at.y + dy - home.y];
  const length = Math.hypot(x, y);
  const scale = length > maxShift ? maxShift / length : 1;
  at.x = home.x + x * scale;
  at.y = home.y + y * scale;
}
