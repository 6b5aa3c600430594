import { describe, expect, it } from "vitest";
import { nameOf } from "./address";
import { format, parse } from "./route";

const BASE = "https://w3id.org/nevkg/";

describe("the name of an entity", () => {
  it("is prefixed if the prefix and the folder are the same", () => {
    expect(nameOf(`${BASE}agent/a-b`)).toBe("agent:a-b");
    expect(nameOf(`${BASE}plant/x.1`)).toBe("plant:x.1");
  });
  it("is the IRI for all other names", () => {
    for (const iri of [`${BASE}plant-status/open`, `${BASE}ontology#Plant`, `${BASE}ontology/core`, "https://example.org/a"])
      expect(nameOf(iri)).toBe(iri);
  });
  it("is parsed from the address, in which its colon is not escaped", () => {
    const address = format({ view: "thing", name: "agent:a-b", params: new URLSearchParams() });
    expect(address).toBe("#/thing/agent:a-b");
    expect(parse(address).name).toBe("agent:a-b");
    const withIri = format({ view: "thing", name: `${BASE}ontology#Plant`, params: new URLSearchParams() });
    expect(parse(withIri).name).toBe(`${BASE}ontology#Plant`);
  });
});
