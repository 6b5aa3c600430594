import { describe, expect, it } from "vitest";
import { asShortText, asText } from "./values";

describe("interval texts", () => {
  it("state open ends", () => {
    expect(asText("../2024-05-06", "en")).toBe("2024-05-06 or earlier");
    expect(asText("2024/..", "en")).toBe("2024 or later");
    expect(asText("../2024-05", "zh")).toBe("2024-05 或更早");
    expect(asText("2024-05-01/2024-05-31", "en")).toBe("2024-05");
  });
  it("are unchanged if they are no interval", () => {
    for (const text of ["2024-05-06", "and/or", "1/2", "CKD/SKD", "../.."]) expect(asText(text, "en")).toBe(text);
  });
});

it("shortens a label to the abbreviation that is its name", () => {
  const [mode, other] = [
    { iri: "https://x/mode/ckd", label: "knocked-down assembly (CKD)" },
    { iri: "https://x/agent/gm", label: "Motors (USA)" },
  ];
  expect([mode, other].map((value) => asShortText(value, "en"))).toEqual(["CKD", "Motors (USA)"]);
});
