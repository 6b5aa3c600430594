import { describe, expect, it } from "vitest";
import type { Parameter } from "../api/types";
import { formParameters, requestParams, valuesOf, written } from "./parameters";

const label = { en: "", zh: "" };
const status: Parameter = { name: "status", type: "voc:kinds", label, default: "status:a status:b" };
const place: Parameter = { name: "place", type: "nev:Place", label, default: "UNDEF" };
const level: Parameter = { name: "level", type: "xsd:string", label, default: '"maker"' };
const day: Parameter = { name: "asOf", type: "xsd:date", label, default: "UNDEF" };
const tongue: Parameter = { name: "lang", type: "xsd:string", label, default: '"en"' };

describe("values of a parameter", () => {
  it("are those of the address, or else its default", () => {
    expect(valuesOf(status, new URLSearchParams("status=status:c"))).toEqual(["status:c"]);
    expect(valuesOf(status, new URLSearchParams())).toEqual(["status:a", "status:b"]);
    expect(valuesOf(level, new URLSearchParams())).toEqual(["maker"]);
    expect(valuesOf(place, new URLSearchParams())).toEqual([]);
  });
  it("are none where anything will do", () => {
    expect(valuesOf(status, new URLSearchParams("status=*"))).toEqual([]);
  });
});

describe("what is written into the address", () => {
  it("is nothing where it is the default, in whatever order", () => {
    expect(written(status, ["status:b", "status:a"])).toEqual([]);
    expect(written(place, [])).toEqual([]);
  });
  it("is a star where a default is taken away", () => {
    expect(written(status, [])).toEqual(["*"]);
    expect(written(status, ["status:a"])).toEqual(["status:a"]);
  });
});

describe("a request", () => {
  const params = new URLSearchParams("place=a&place=b&as_of=2025-01-01&sort=x&lang=zh&status=");
  it("has what the address has of the question's own parameters, and the day", () => {
    const question = { parameters: [place, day, status, tongue] };
    expect(requestParams(question, params)).toEqual({ place: ["a", "b"], as_of: ["2025-01-01"] });
    expect(formParameters(question)).toEqual([place, status]);
  });
  it("has no day where the question goes through time", () => {
    expect(requestParams({ parameters: [place] }, params)).toEqual({ place: ["a", "b"] });
  });
});
