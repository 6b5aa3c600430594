import { describe, expect, it } from "vitest";
import { colorsOf, GREY, PALETTE } from "./colors";

describe("colours", () => {
  const [first = "", second = ""] = PALETTE;
  it("are those of the data, and otherwise of the palette without them", () => {
    const colors = colorsOf(["b", "b", "a", "c", ""], { a: first });
    expect([colors.of("a"), colors.of("b"), colors.of("")]).toEqual([first, second, GREY]);
    expect(colors.own).toEqual(["b", "a", "c"]);
  });
  it("are the same whatever else is drawn, if the data gives them", () => {
    const given = { a: "#123456" };
    expect(colorsOf(["a"], given).of("a")).toBe(colorsOf(["b", "b", "c", "a"], given).of("a"));
  });
  it("beyond the palette are grey, even for a name that every object has", () => {
    const keys = Array.from({ length: PALETTE.length + 1 }, (_, place) => `k${String(place).padStart(2, "0")}`);
    expect(colorsOf(keys).of(keys.at(-1) ?? "")).toBe(GREY);
    expect(colorsOf(["constructor"], {}).of("constructor")).toBe(first);
  });
});
