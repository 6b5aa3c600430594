import { describe, expect, it } from "vitest";
import type { Parameter } from "../api/types";
import { applyChanges } from "../state/route";
import { renameParameters } from "./other-names";

const label = { en: "", zh: "" };
const since: Parameter = { name: "since", type: "xsd:date", label, default: "UNDEF", also: ["from", "after"] };
const plant: Parameter = { name: "plant", type: "nev:Plant", label, default: "UNDEF" };
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
