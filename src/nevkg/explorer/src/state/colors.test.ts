import { describe, expect, it } from "vitest";
import { countBy } from "../ui/values";
import { colorsOf, GREY, MAX_COLORS, PALETTE } from "./colors";

describe("colours", () => {
  const keys = Array.from({ length: 30 }, (_, index) => `https://example.org/${index}`);
  it("come from the data, otherwise from the rest of the palette", () => {
    const colors = colorsOf(countBy(["b", "b", "a", "c", ""]), { a: "#0072B2" });
    expect([colors.of("a"), colors.of("")]).toEqual(["#0072b2", GREY]);
    expect(PALETTE.slice(1)).toContain(colors.of("b"));
    expect(colors.keys).toEqual(["b", "a", "c"]);
  });
  it("from the data do not depend on the other keys", () => {
    const dataColors = { a: "#123456" };
    expect(colorsOf(countBy(["a"]), dataColors).of("a")).toBe(colorsOf(countBy(["b", "b", "c", "a"]), dataColors).of("a"));
  });
  it("are unique in a picture, whatever the case in which the data writes them", () => {
    const dataColors = Object.fromEntries(keys.slice(0, 20).map((key, index) => [key, (PALETTE[index % 7] ?? "").toUpperCase()]));
    for (let first = 0; first < keys.length; first++) {
      const colors = colorsOf(countBy(keys.slice(first)), dataColors);
      const own = colors.keys.map(colors.of);
      expect(new Set(own).size).toBe(own.length);
      expect(own).not.toContain(GREY);
      expect(own.length).toBeLessThanOrEqual(MAX_COLORS);
    }
  });
  it("beyond eight are grey, the keys with the least weight", () => {
    const colors = colorsOf(new Map(keys.map((key, index) => [key, index])));
    expect(colors.keys).toEqual(keys.slice(-MAX_COLORS).reverse());
    expect(colors.of(keys[0] ?? "")).toBe(GREY);
    expect(colors.indexOf(keys[0] ?? "")).toBe(keys.length - 1);
  });
  it("of names of Object.prototype are ordinary", () => {
    expect(PALETTE).toContain(colorsOf(countBy(["constructor"]), {}).of("constructor"));
  });
});
