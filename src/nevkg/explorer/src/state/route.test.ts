// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  BASE,
  contentAddress,
  currentRoute,
  fileAddress,
  followLinks,
  format,
  go,
  href,
  hrefWith,
  nameOf,
  PAGE,
  parse,
  serverPath,
  set,
} from "./route";

const site = vi.hoisted(() => ({ isSite: false, ROOT: "http://localhost:3000/kg/" }));
vi.mock("../api/site", () => site);

const at = (path: string) => history.replaceState(null, "", `${site.ROOT}${path}`);
const route = (address: string) => {
  const { view, name, params } = parse(`${site.ROOT}${address}`);
  return [view, name, params.toString()];
};

beforeEach(() => {
  site.isSite = false;
  at("");
});

describe("routes", () => {
  it("are read and written back", () => {
    for (const [path, view, name] of [
      ["", "", ""],
      ["questions", "ask", ""],
      ["questions/local-manufacturers?bloc=place%3Aasean&bloc=place%3AEU", "ask", "local-manufacturers"],
      ["stories/asean", "story", "asean"],
      ["map?shade=a&question=plants", "map", "plants"],
      ["sparql?query=ASK", "sparql", ""],
      ["ontology?term=nev%3APlant", "ontology", "nev:Plant"],
      ["quality/checks/x?page=2", "quality", "checks/x"],
      ["agent/a-b?lang=zh", "thing", "agent:a-b"],
      ["plant/%E5%8E%82.1", "thing", "plant:厂.1"],
      ["statement/a1?lang=zh", PAGE, "statement/a1"],
      ["plant/x.ttl", PAGE, "plant/x.ttl"],
      ["vocabulary/status", PAGE, "vocabulary/status"],
    ] as const) {
      const found = parse(`${site.ROOT}${path}`);
      expect([found.view, found.name]).toEqual([view, name]);
      expect(format(found)).toBe(`/kg/${path}`);
    }
  });
  it("have the IRI of a term after a hash", () => {
    expect(route("ontology#Plant")).toEqual(["ontology", `${BASE}ontology#Plant`, ""]);
  });
  it("accept a per cent sign that encodes nothing", () => {
    expect(parse(`${site.ROOT}questions/100%`).name).toBe("100%");
  });
  it("of the first edition are understood", () => {
    expect(route("#/ask/x?bloc=a&asOf=2025-01-01")).toEqual(["ask", "x", "bloc=a&as_of=2025-01-01"]);
    expect(route("#/thing/agent:a-b")).toEqual(["thing", "agent:a-b", ""]);
    expect(route("#/ontology/nev:Plant")).toEqual(["ontology", "nev:Plant", ""]);
    expect(route("#/quality/checks?check=a")).toEqual(["quality", "checks/a", ""]);
    expect(route("#/quality/sources-by-kind")).toEqual(["quality", "", "table=sources-by-kind"]);
    expect(route("#/")).toEqual(["", "", ""]);
    at("#/ask/x?bloc=a");
    followLinks();
    expect(location.href).toBe(`${site.ROOT}questions/x?bloc=a`);
  });
  it("keep the language and the day from view to view, and nothing else", () => {
    at("questions?lang=zh&as_of=2025-01-01&sort=-a");
    expect(href("map", "", { shade: "a" })).toBe("/kg/map?lang=zh&as_of=2025-01-01&shade=a");
    expect(href("map", "", { as_of: "2024-01-01" })).toBe("/kg/map?lang=zh&as_of=2024-01-01");
    for (const view of ["", "story"]) expect(href(view)).not.toContain("as_of");
  });
  it("read the day by its name in questions", () => {
    at("questions?as_of=2024-01-01&asOf=2025-01-01");
    expect(hrefWith({})).toBe("/kg/questions?as_of=2025-01-01");
  });
  it("change one parameter and leave the others", () => {
    at("questions/x?bloc=a&sort=b");
    expect(hrefWith({ sort: null, bloc: ["c", "d"] })).toBe("/kg/questions/x?bloc=c&bloc=d");
    set({ sort: "z" }, true);
    expect(currentRoute().params.get("sort")).toBe("z");
    go(href("map"));
    expect(currentRoute().view).toBe("map");
  });
});

describe("addresses of a site", () => {
  it("are files, with the language as their folder", () => {
    site.isSite = true;
    expect(route("questions/x.html?a=b")).toEqual(["ask", "x", "a=b&lang=en"]);
    expect(route("zh/plant/x.html")).toEqual(["thing", "plant:x", "lang=zh"]);
    expect(route("zh/")).toEqual(["", "", "lang=zh"]);
    expect(route("index.html")).toEqual(["", "", ""]);
    for (const path of ["questions/x.html?a=b", "zh/plant/x.html", "zh/", "map.html", ""])
      expect(format(parse(`${site.ROOT}${path}`))).toBe(`/kg/${path}`);
    expect(format({ view: PAGE, name: "statement/a", params: new URLSearchParams("lang=zh") })).toBe("/kg/page.html#/statement/a?lang=zh");
    expect(format({ view: "", name: "", params: new URLSearchParams("lang=en") })).toBe("/kg/?lang=en");
    expect(serverPath(`${site.ROOT}zh/plant/x.html?as_of=2025-01-01`)).toBe("plant/x?as_of=2025-01-01&lang=zh");
    expect(serverPath(`${site.ROOT}zh/stories/x.html`)).toBe("stories/x?lang=zh");
  });
  it("have a file unless they have parameters", () => {
    site.isSite = true;
    const file = (path: string) => fileAddress(`${site.ROOT}${path}`);
    expect([file("?lang=en"), file("zh/"), file("zh/plant/x.html")]).toEqual(["/kg/", "/kg/zh/", "/kg/zh/plant/x.html"]);
    expect([file("?known_by=2025-01-01"), file("plant/x.html?as_of=2025-01-01")]).toEqual([undefined, undefined]);
  });
  it("of what the server writes have no parameters of the view", () => {
    at("stories/x?pick=a&known_by=2025-01-01");
    expect(contentAddress(currentRoute(), "zh")).toBe("/kg/stories/x?known_by=2025-01-01");
    site.isSite = true;
    expect(contentAddress(currentRoute(), "zh")).toBe("/kg/zh/stories/x.html?known_by=2025-01-01");
  });
});

describe("links", () => {
  it("to views are followed without loading a page, and others are left to the browser", () => {
    followLinks();
    document.body.innerHTML =
      '<a id="a" href="/kg/map">m</a><a id="b" href="/kg/statement/x">s</a><a id="c" href="/kg/map" target="_blank">t</a>';
    let isFollowed = false;
    addEventListener("click", (event) => {
      isFollowed = event.defaultPrevented;
      event.preventDefault(); // the test environment would load the page
    });
    const click = (id: string) => {
      document.getElementById(id)?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      return isFollowed;
    };
    expect([click("b"), click("c"), location.pathname]).toEqual([false, false, "/kg/"]);
    expect([click("a"), location.pathname]).toEqual([true, "/kg/map"]);
  });
});

describe("the name of an entity", () => {
  it("is prefixed if the prefix and the folder are the same", () => {
    expect(nameOf(`${BASE}agent/a-b`)).toBe("agent:a-b");
    expect(nameOf(`${BASE}plant/x.1`)).toBe("plant:x.1");
  });
  it("is the IRI for all other names", () => {
    for (const iri of [`${BASE}plant-status/open`, `${BASE}ontology#Plant`, `${BASE}ontology/core`, "https://example.org/a"])
      expect(nameOf(iri)).toBe(iri);
  });
});
