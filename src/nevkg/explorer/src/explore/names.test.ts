import { describe, expect, it } from "vitest";
import { Room } from "./names";

const box = (x1: number, y1: number, width = 10, height = 10) => ({ x1, y1, x2: x1 + width, y2: y1 + height });

describe("room for names", () => {
  it("is where no name is, however far names reach", () => {
    const room = new Room();
    room.take(box(-500, 0, 1000), "");
    expect(room.isFree(box(400, 5), null)).toBe(false);
    expect(room.isFree(box(400, 10), null)).toBe(true);
    expect(room.isFree(box(500, 0), null)).toBe(true);
  });
  it("is beside other nodes, but for names that are called out", () => {
    const room = new Room();
    room.take(box(0, 0), "a");
    expect(room.isFree(box(5, 5), "a")).toBe(true);
    expect(room.isFree(box(5, 5), "b")).toBe(false);
    expect(room.isFree(box(5, 5), null)).toBe(true);
  });
});
