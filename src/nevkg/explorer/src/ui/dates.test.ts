import { describe, expect, it } from "vitest";
import { dayOf, formatSpan, isDay, isoOf, monthOf, monthStart, spanOf } from "./dates";

const parsed = (text: string) => {
  const span = spanOf(text);
  return span && [span.start, span.end].map((day) => (day === null ? ".." : isoOf(day)));
};

describe("spanOf", () => {
  it("parses days, months and years, with the end excluded", () => {
    expect(parsed("2024-02-29")).toEqual(["2024-02-29", "2024-03-01"]);
    expect(parsed("2024-12")).toEqual(["2024-12-01", "2025-01-01"]);
    expect(parsed("2024")).toEqual(["2024-01-01", "2025-01-01"]);
    expect(parsed("2024-05-06T10:00:00Z")).toEqual(["2024-05-06", "2024-05-07"]);
  });
  it("parses intervals with open ends", () => {
    expect(parsed("2023/2024-03")).toEqual(["2023-01-01", "2024-04-01"]);
    expect(parsed("../2024-03-05")).toEqual(["..", "2024-03-06"]);
    expect(parsed("2024/..")).toEqual(["2024-01-01", ".."]);
    expect(parsed("2024/")).toEqual(["2024-01-01", ".."]);
  });
  it("ignores that a date is approximate", () => {
    expect(parsed("2024~")).toEqual(["2024-01-01", "2025-01-01"]);
  });
  it("rejects other texts", () => {
    for (const text of ["", "..", "../..", "soon", "2024-13", "2023-02-29", "2024-05/2023", "1/2/3", "12024"])
      expect(spanOf(text)).toBeNull();
  });
});

describe("formatSpan", () => {
  const formatted = (text: string) => formatSpan(spanOf(text) as { start: number; end: number });
  it("is a year, a month or a day if the span is exactly that", () => {
    expect(formatted("2007-01-01/2007-12-31")).toBe("2007");
    expect(formatted("2024-02-01/2024-02-29")).toBe("2024-02");
    expect(formatted("2024-01-01/2024-01-31")).toBe("2024-01");
    expect(formatted("2024-02-01")).toBe("2024-02-01");
  });
  it("is a range in the coarsest form that fits both ends", () => {
    expect(formatted("2007/2009")).toBe("2007 – 2009");
    expect(formatted("2007-03/2009")).toBe("2007-03 – 2009-12");
    expect(formatted("2007-03-05/2007-04")).toBe("2007-03-05 – 2007-04-30");
  });
});

describe("days and months", () => {
  it("are counted and formatted", () => {
    expect(isDay(spanOf("1969-12-31") as never)).toBe(true);
    expect(isDay(spanOf("1969-12") as never)).toBe(false);
    expect(dayOf("1970-01-02")).toBe(1);
    expect(isoOf(dayOf("../2024-02") as number)).toBe("2024-02-29");
    expect(isoOf(monthStart(monthOf(dayOf("1966-11-30") as number) + 2))).toBe("1967-01-01");
  });
});
