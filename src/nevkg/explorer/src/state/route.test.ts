// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { current, format, go, here, href, parse, set } from "./route";

beforeEach(() => {
  location.hash = "";
});

describe("routes", () => {
  it("are read and written back", () => {
    const text = "#/ask/local-manufacturers?bloc=place%3Aasean&bloc=place%3AEU";
    const route = parse(text);
    expect([route.view, route.name, route.asked.getAll("bloc")]).toEqual(["ask", "local-manufacturers", ["place:asean", "place:EU"]]);
    expect(format(route)).toBe(text);
  });
  it("survive a lone per cent sign", () => {
    expect(parse("#/ask/100%").name).toBe("100%");
  });
  it("keep the language from view to view, and nothing else", () => {
    location.hash = "#/ask?lang=zh&sort=-a";
    expect(href("map", "", { day: "2025-01-01" })).toBe("#/map?lang=zh&day=2025-01-01");
  });
  it("change one parameter and leave the others", () => {
    location.hash = "#/ask/x?bloc=a&sort=b";
    expect(here({ sort: null, bloc: ["c", "d"] })).toBe("#/ask/x?bloc=c&bloc=d");
    set({ sort: "z" }, true);
    expect(current().asked.get("sort")).toBe("z");
    go("#/map");
    expect(current().view).toBe("map");
  });
});
