import { describe, expect, it } from "vitest";
import { format, parse } from "../state/route";
import { nameOf } from "./address";

const BASE = "https://w3id.org/nevkg/";

describe("the name of an entity", () => {
  it("is the prefixed one where the prefix is the folder", () => {
    expect(nameOf(`${BASE}agent/a-b`)).toBe("agent:a-b");
    expect(nameOf(`${BASE}plant/x.1`)).toBe("plant:x.1");
  });
  it("is the IRI for all else", () => {
    for (const iri of [`${BASE}plant-status/open`, `${BASE}ontology#Plant`, `${BASE}ontology/core`, "https://example.org/a"])
      expect(nameOf(iri)).toBe(iri);
  });
  it("is read back from the address, where its colon stays readable", () => {
    const address = format({ view: "thing", name: "agent:a-b", params: new URLSearchParams() });
    expect(address).toBe("#/thing/agent:a-b");
    expect(parse(address).name).toBe("agent:a-b");
    const whole = format({ view: "thing", name: `${BASE}ontology#Plant`, params: new URLSearchParams() });
    expect(parse(whole).name).toBe(`${BASE}ontology#Plant`);
  });
});
