import { describe, expect, it } from "vitest";
import type { Row } from "../api/types";
import { dayOf, isoOf, monthOf, monthStart } from "../ui/dates";
import { changeDays, compare, countByMonth, holds, monthRange, nextMonth, periodOf } from "./periods";

const show = { from: "from", until: "until" };
const day = (text: string) => dayOf(text) as number;
const period = (from: string | null, until: string | null) => periodOf({ from, until }, show);

describe("periods", () => {
  it("include the first day but not the last, and have no limit without one", () => {
    const year = period("2020-01-01", "2021-01-01");
    expect(["2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01"].map((text) => holds(year, day(text)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(holds(period("2020", null), day("2999-01-01"))).toBe(true);
    expect(holds(period(null, "2020"), day("0001-01-01"))).toBe(true);
  });
  it("are counted for each month", () => {
    const periods = [period("2020-01-15", "2020-03-01"), period("2020-02-01", null)];
    expect(countByMonth(periods, monthOf(day("2020-01-01")), monthOf(day("2020-04-01")))).toEqual([0, 2, 1, 1]);
  });
});

describe("the range of time", () => {
  it("ends with the last change, rounded up to the first day of a month", () => {
    const days = changeDays([period("2020-01-15", "2031-05-10")]);
    const { first, last } = monthRange(days, day("2026-11-24"));
    expect([isoOf(monthStart(first)), isoOf(monthStart(last))]).toEqual(["2020-01-01", "2031-06-01"]);
  });
  it("leaves out changes long before all others", () => {
    const days = ["1964-12-31", "1965-12-31", "2007-06-19", "2009", "2012", "2020"].map(day);
    expect(isoOf(monthStart(monthRange(days, day("2026-11-24")).first))).toBe("2007-06-01");
  });
  it("is only today without dates", () => {
    const { first, last } = monthRange([], day("2026-11-24"));
    expect(first).toBe(last);
  });
});

describe("playing", () => {
  const days = ["2020-01-15", "2023-04-01", "2023-04-20"].map(day);
  const from = (text: string) => isoOf(monthStart(nextMonth(days, monthOf(day(text)), monthOf(day("2030-01-01")))));
  it("goes to the month after the next change", () => {
    expect(from("2019-06-01")).toBe("2020-02-01");
    expect(from("2020-02-01")).toBe("2023-04-01");
    expect(from("2023-04-01")).toBe("2023-05-01");
  });
  it("ends after the last change", () => {
    expect(from("2023-05-01")).toBe("2030-01-01");
  });
});

const thing = (iri: string) => ({ iri, label: iri });

it("finds the places that appeared, ended, changed and stayed the same", () => {
  const rows: Row[] = ["new", "gone", "built", "built", "stays", "never"].map((at) => ({ at: thing(at), how: thing("x") }));
  rows[3] = { at: thing("built"), how: thing("y") };
  const periods = [
    { from: 5, until: 99 },
    { from: 0, until: 5 },
    { from: 0, until: 5 },
    { from: 5, until: 99 },
    { from: 0, until: 99 },
    { from: 50, until: 99 },
  ];
  const changes = compare(rows, { place: "at", status: "how" }, [0, 1, 2, 3, 4, 5], periods, [1, 10]);
  expect([...changes].map(([key, { change, rows: now, before }]) => [key, change, now, before])).toEqual([
    ["new", "appeared", [0], []],
    ["gone", "ended", [1], []],
    ["built", "changed", [3], [2]],
    ["stays", "same", [4], []],
  ]);
});
