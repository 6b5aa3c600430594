import { describe, expect, it } from "vitest";
import type { Parameter } from "../api/types";
import { applyChanges } from "../state/route";
import { renameFormer } from "./former-names";

const label = { en: "", zh: "" };
const since: Parameter = { name: "since", type: "xsd:date", label, default: "UNDEF", formerly: { from: "0.3", after: "0.3" } };
const plant: Parameter = { name: "plant", type: "nev:Plant", label, default: "UNDEF" };
const question = { parameters: [since, plant] };
const rename = (query: string) => {
  const params = new URLSearchParams(query);
  return applyChanges(params, renameFormer(question, params)).toString();
};

describe("an address with former names", () => {
  it("gets the current ones, with all values", () => {
    expect(rename("from=2024-01-01&plant=a")).toBe("plant=a&since=2024-01-01");
    expect(rename("after=2024-01-01&after=2025-01-01")).toBe("since=2024-01-01&since=2025-01-01");
  });
  it("keeps the values of the current name", () => {
    expect(rename("since=2025-01-01&from=2024-01-01")).toBe("since=2025-01-01");
  });
  it("is not changed without former names", () => {
    expect(rename("since=2025-01-01&plant=a&sort=from")).toBe("since=2025-01-01&plant=a&sort=from");
  });
});
