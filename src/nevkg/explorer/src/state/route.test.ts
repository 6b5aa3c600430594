// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { currentRoute, format, go, href, hrefWith, parse, set } from "./route";

beforeEach(() => {
  location.hash = "";
});

describe("routes", () => {
  it("are read and written back", () => {
    const text = "#/ask/local-manufacturers?bloc=place%3Aasean&bloc=place%3AEU";
    const route = parse(text);
    expect([route.view, route.name, route.params.getAll("bloc")]).toEqual(["ask", "local-manufacturers", ["place:asean", "place:EU"]]);
    expect(format(route)).toBe(text);
  });
  it("accept a per cent sign that encodes nothing", () => {
    expect(parse("#/ask/100%").name).toBe("100%");
  });
  it("keep the language and the day from view to view, and nothing else", () => {
    location.hash = "#/ask?lang=zh&as_of=2025-01-01&sort=-a";
    expect(href("map", "", { shade: "a" })).toBe("#/map?lang=zh&as_of=2025-01-01&shade=a");
    expect(href("map", "", { as_of: "2024-01-01" })).toBe("#/map?lang=zh&as_of=2024-01-01");
    for (const view of ["", "story"]) expect(href(view)).not.toContain("as_of");
  });
  it("read the day by its name in questions", () => {
    location.hash = "#/ask?as_of=2024-01-01&asOf=2025-01-01";
    expect(hrefWith({})).toBe("#/ask?as_of=2025-01-01");
  });
  it("change one parameter and leave the others", () => {
    location.hash = "#/ask/x?bloc=a&sort=b";
    expect(hrefWith({ sort: null, bloc: ["c", "d"] })).toBe("#/ask/x?bloc=c&bloc=d");
    set({ sort: "z" }, true);
    expect(currentRoute().params.get("sort")).toBe("z");
    go("#/map");
    expect(currentRoute().view).toBe("map");
  });
});
