import { expect, it } from "vitest";
import { rangesOf } from "./fonts";

it("parses the ranges of a font", () => {
  expect(rangesOf("U+0000-00FF, U+0131,U+4??")).toEqual([
    [0, 255],
    [0x131, 0x131],
    [0x400, 0x4ff],
  ]);
});
