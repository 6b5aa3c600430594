// Marks that can be distinguished without their colours.

/** Returns the corners of a regular polygon as x and y in turn. */
const polygon = (count: number, turn = 0): number[] =>
  Array.from({ length: count }, (_, index) => {
    const angle = ((index + turn) / count) * 2 * Math.PI - Math.PI / 2;
    return [Math.cos(angle), Math.sin(angle)];
  }).flat();
const star = polygon(10).map((value, index) => (Math.floor(index / 2) % 2 ? value * 0.5 : value));

/** Outlines as x and y in turn, from -1 to 1; an empty outline is a circle. */
export const SHAPES: readonly (readonly number[])[] = [
  [],
  [-0.86, -0.86, 0.86, -0.86, 0.86, 0.86, -0.86, 0.86],
  [0, -1, 1, 0, 0, 1, -1, 0],
  [0, -0.95, 1, 0.8, -1, 0.8],
  polygon(6),
  [0, 0.95, 1, -0.8, -1, -0.8],
  polygon(5),
  star,
  [-0.35, -1, 0.35, -1, 0.35, -0.35, 1, -0.35, 1, 0.35, 0.35, 0.35, 0.35, 1, -0.35, 1, -0.35, 0.35, -1, 0.35, -1, -0.35, -0.35, -0.35],
  polygon(8, 0.5),
];

/** A mark around the origin; null is a ring, for values that share a colour. */
export function Shape({ shape, color, size }: { shape: number | null; color: string; size: number }) {
  if (shape === null) return <circle r={size * 0.75} fill="var(--ground)" stroke={color} stroke-width={size * 0.5} />;
  const points = SHAPES[shape % SHAPES.length] ?? [];
  return points.length ? (
    <polygon points={points.map((value) => (value * size * 1.12).toFixed(2)).join(" ")} fill={color} />
  ) : (
    <circle r={size} fill={color} />
  );
}
