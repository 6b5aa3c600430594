import { describe, expect, it } from "vitest";
import { findExpandedEntities, formatStep, parseExploration, parseStep } from "./steps";

describe("steps", () => {
  it("are parsed and formatted", () => {
    for (const text of ["add a:b", "fold a:b", "hide a:b", "grow a:b Plant 25", "grow a:b * 7", "path a:b c:d *", "path a c 2020-01-01"]) {
      const step = parseStep(text);
      expect(step && formatStep(step)).toBe(text);
    }
  });
  it("are null if they are invalid", () => {
    for (const text of ["", "add", "jump a", "path a", "grow"]) expect(parseStep(text)).toBeNull();
    expect(parseStep("grow a Plant x")).toEqual({ do: "grow", name: "a", kind: "Plant", count: 25 });
    expect(parseStep("grow a * -4")).toEqual({ do: "grow", name: "a", kind: "*", count: 1 });
  });
  it("name each entity to be loaded once", () => {
    const exploration = parseExploration(new URLSearchParams("thing=a&from=p&step=grow+a+*+25&step=add+b&step=hide+c&step=nonsense"));
    expect([exploration.entities, exploration.projection, exploration.steps.length]).toEqual([["a"], "p", 3]);
    expect(findExpandedEntities(exploration)).toEqual(["a", "b"]);
  });
});
