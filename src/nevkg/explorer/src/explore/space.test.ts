import { describe, expect, it } from "vitest";
import { Space } from "./space";

const box = (x1: number, y1: number, width = 10, height = 10) => ({ x1, y1, x2: x1 + width, y2: y1 + height });

describe("space for labels", () => {
  it("is free where no label is, however wide labels are", () => {
    const space = new Space();
    space.occupy(box(-500, 0, 1000), "");
    expect(space.isFree(box(400, 5), null)).toBe(false);
    expect(space.isFree(box(400, 10), null)).toBe(true);
    expect(space.isFree(box(500, 0), null)).toBe(true);
  });
  it("is not free where another node is, except for labels that may cover nodes", () => {
    const space = new Space();
    space.occupy(box(0, 0), "a");
    expect(space.isFree(box(5, 5), "a")).toBe(true);
    expect(space.isFree(box(5, 5), "b")).toBe(false);
    expect(space.isFree(box(5, 5), null)).toBe(true);
  });
});
