import { describe, expect, it } from "vitest";
import { formatStep, parseStep, storyOf, thingsOf } from "./steps";

describe("steps", () => {
  it("are read as they are written", () => {
    for (const text of ["add a:b", "fold a:b", "hide a:b", "grow a:b Plant 25", "grow a:b * 7", "path a:b c:d *", "path a c 2020-01-01"]) {
      const step = parseStep(text);
      expect(step && formatStep(step)).toBe(text);
    }
  });
  it("that nobody understands are none", () => {
    for (const text of ["", "add", "jump a", "path a", "grow"]) expect(parseStep(text)).toBeNull();
    expect(parseStep("grow a Plant x")).toEqual({ do: "grow", name: "a", kind: "Plant", count: 25 });
    expect(parseStep("grow a * -4")).toEqual({ do: "grow", name: "a", kind: "*", count: 1 });
  });
  it("say what has to be fetched, each once", () => {
    const story = storyOf(new URLSearchParams("thing=a&from=p&step=grow+a+*+25&step=add+b&step=hide+c&step=nonsense"));
    expect([story.things, story.from, story.steps.length]).toEqual([["a"], "p", 3]);
    expect(thingsOf(story)).toEqual(["a", "b"]);
  });
});
