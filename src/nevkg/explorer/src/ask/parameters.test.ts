import { describe, expect, it } from "vitest";
import type { Parameter } from "../api/types";
import { applyChanges } from "../state/route";
import { formParameters, renameParameters, requestParams, routeValues, unknownParameters, valuesOf } from "./parameters";

export const label = { en: "", zh: "" };
const status: Parameter = { name: "status", type: "voc:kinds", label, default: "status:a status:b", also: [] };
const place: Parameter = { name: "place", type: "nev:Place", label, default: "UNDEF", also: [] };
const level: Parameter = { name: "level", type: "xsd:string", label, default: '"maker"', also: [] };
const day: Parameter = { name: "asOf", type: "xsd:date", label, default: "UNDEF", also: [] };
const language: Parameter = { name: "lang", type: "xsd:string", label, default: '"en"', also: [] };

describe("values of a parameter", () => {
  it("come from the address, otherwise from the default", () => {
    expect(valuesOf(status, new URLSearchParams("status=status:c"))).toEqual(["status:c"]);
    expect(valuesOf(status, new URLSearchParams())).toEqual(["status:a", "status:b"]);
    expect(valuesOf(level, new URLSearchParams())).toEqual(["maker"]);
    expect(valuesOf(place, new URLSearchParams())).toEqual([]);
  });
  it("are empty if any value matches", () => {
    expect(valuesOf(status, new URLSearchParams("status=*"))).toEqual([]);
  });
});

describe("values in the address", () => {
  it("are empty for the default, in any order", () => {
    expect(routeValues(status, ["status:b", "status:a"])).toEqual([]);
    expect(routeValues(place, [])).toEqual([]);
  });
  it("are * if the default is removed", () => {
    expect(routeValues(status, [])).toEqual(["*"]);
    expect(routeValues(status, ["status:a"])).toEqual(["status:a"]);
  });
});

describe("a request", () => {
  const params = new URLSearchParams("place=a&place=b&as_of=2025-01-01&sort=x&lang=zh&status=");
  it("has the parameters of the question and the day from the address", () => {
    const question = { parameters: [place, day, status, language] };
    expect(requestParams(question, params)).toEqual({ place: ["a", "b"], as_of: ["2025-01-01"] });
    expect(formParameters(question)).toEqual([place, status]);
  });
  it("has no day if the question covers all times", () => {
    expect(requestParams({ parameters: [place] }, params)).toEqual({ place: ["a", "b"] });
  });
});

const since: Parameter = { name: "since", type: "xsd:date", label, default: "UNDEF", also: ["from", "after"] };
const plant: Parameter = { name: "plant", type: "nev:Plant", label, default: "UNDEF", also: [] };
const question = { parameters: [since, plant] };
const rename = (query: string) => {
  const params = new URLSearchParams(query);
  return applyChanges(params, renameParameters(question, params)).toString();
};

describe("an address with other names", () => {
  it("gets those of the question, with all values", () => {
    expect(rename("from=2024-01-01&plant=a")).toBe("plant=a&since=2024-01-01");
    expect(rename("after=2024-01-01&after=2025-01-01")).toBe("since=2024-01-01&since=2025-01-01");
  });
  it("keeps the values of the own name", () => {
    expect(rename("since=2025-01-01&from=2024-01-01")).toBe("since=2025-01-01");
  });
  it("is not changed without other names", () => {
    expect(rename("since=2025-01-01&plant=a&sort=from")).toBe("since=2025-01-01&plant=a&sort=from");
  });
});

it("leaves out parameters of the question by all their names and those of views", () => {
  const question = { parameters: [{ name: "bloc", type: "any", label: { en: "", zh: "" }, default: "UNDEF", also: ["group"] }] };
  const params = new URLSearchParams("bloc=a&group=b&region=c&region=d&sort=x&lang=zh");
  expect(unknownParameters(question, params)).toEqual(["region"]);
});
