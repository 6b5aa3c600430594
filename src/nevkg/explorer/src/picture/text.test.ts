import { describe, expect, it } from "vitest";
import { rangesOf, wrap, wrapEvenly } from "./text";

const length = (text: string) => [...text].length;

describe("wrap", () => {
  it("breaks between words", () => {
    expect(wrap("one two three", 7, length)).toEqual(["one two", "three"]);
  });
  it("breaks words after a hyphen, but not dates", () => {
    expect(wrap("electric-passenger-car makers", 12, length)).toEqual(["electric-", "passenger-", "car makers"]);
    expect(wrap("since 2025-12-31", 10, length)).toEqual(["since", "2025-12-31"]);
  });
  it("breaks Chinese text anywhere, but not Latin words", () => {
    expect(wrap("比亚迪BYD在泰国", 4, length)).toEqual(["比亚迪", "BYD在", "泰国"]);
  });
  it("breaks an address that is longer than a line without losing characters", () => {
    const text = "see https://example.org/a/long/path end";
    const lines = wrap(text, 10, length);
    expect(lines.every((line) => line.length <= 10)).toBe(true);
    expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
  });
  it("keeps punctuation with its characters", () => {
    expect(wrap("工厂（PT VKTR），", 7, length)).toEqual(["工厂（PT", "VKTR），"]);
  });
  it("leaves no single character on the last line", () => {
    expect(wrapEvenly("比亚迪兰开斯特客车工厂", 10, length)).toEqual(["比亚迪兰开斯", "特客车工厂"]);
    expect(wrapEvenly("one two three", 7, length)).toEqual(["one two", "three"]);
  });
  it("returns no lines for blank text", () => {
    expect(wrap(" ", 10, length)).toEqual([]);
  });
});

it("parses the ranges of a font", () => {
  expect(rangesOf("U+0000-00FF, U+0131,U+4??")).toEqual([
    [0, 255],
    [0x131, 0x131],
    [0x400, 0x4ff],
  ]);
});
