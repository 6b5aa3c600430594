import { describe, expect, it } from "vitest";
import { wrap } from "./wrap";

const long = (text: string) => [...text].length;

describe("wrap", () => {
  it("breaks between words", () => {
    expect(wrap("one two three", 7, long)).toEqual(["one two", "three"]);
  });
  it("breaks Chinese anywhere, and keeps what is Latin whole", () => {
    expect(wrap("比亚迪BYD在泰国", 4, long)).toEqual(["比亚迪", "BYD在", "泰国"]);
  });
  it("breaks an address that is longer than a line, and loses nothing", () => {
    const text = "see https://example.org/a/long/path end";
    const lines = wrap(text, 10, long);
    expect(lines.every((line) => line.length <= 10)).toBe(true);
    expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
  });
  it("has no lines for nothing", () => {
    expect(wrap(" ", 10, long)).toEqual([]);
  });
});
