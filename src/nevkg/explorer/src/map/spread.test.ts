import { describe, expect, it } from "vitest";
import { spread } from "./spread";

describe("spread", () => {
  it("moves discs at one point apart, within the limit", () => {
    const discs = Array.from({ length: 8 }, () => ({ x: 100, y: 100, r: 5 }));
    const at = spread(discs, 30);
    for (const [i, p] of at.entries()) {
      expect(Math.hypot(p.x - 100, p.y - 100)).toBeLessThanOrEqual(30.01);
      for (const q of at.slice(i + 1)) expect(Math.hypot(p.x - q.x, p.y - q.y)).toBeGreaterThan(9);
    }
  });
  it("does not move separate discs, and is deterministic", () => {
    const discs = [
      { x: 0, y: 0, r: 4 },
      { x: 90, y: 0, r: 4 },
    ];
    expect(spread(discs, 30)).toEqual(spread(discs, 30));
    expect(spread(discs, 30).every((p, i) => Math.hypot(p.x - (discs[i]?.x ?? 0), p.y) <= 0.51)).toBe(true);
  });
});
