import { describe, expect, it } from "vitest";
import { colorsOf, GREY, PALETTE } from "./colors";

describe("colours", () => {
  const [first = "", second = ""] = PALETTE;
  it("come from the data, otherwise from the rest of the palette", () => {
    const colors = colorsOf(["b", "b", "a", "c", ""], { a: first });
    expect([colors.of("a"), colors.of("b"), colors.of("")]).toEqual([first, second, GREY]);
    expect(colors.keys).toEqual(["b", "a", "c"]);
  });
  it("from the data do not depend on the other keys", () => {
    const dataColors = { a: "#123456" };
    expect(colorsOf(["a"], dataColors).of("a")).toBe(colorsOf(["b", "b", "c", "a"], dataColors).of("a"));
  });
  it("beyond the palette are grey, and names of Object.prototype are ordinary keys", () => {
    const keys = Array.from({ length: PALETTE.length + 1 }, (_, index) => `k${String(index).padStart(2, "0")}`);
    expect(colorsOf(keys).of(keys.at(-1) ?? "")).toBe(GREY);
    expect(colorsOf(["constructor"], {}).of("constructor")).toBe(first);
  });
});
