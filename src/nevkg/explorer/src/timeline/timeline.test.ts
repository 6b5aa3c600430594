import { describe, expect, it } from "vitest";
import type { Row } from "../api/types";
import { dayOf, isoOf } from "../ui/dates";
import { estimateWidth, truncate } from "../ui/text";
import { eventsOf, lanesOf, sortByTime, timeOf } from "./events";
import { type Placement, pack } from "./lane";
import { ticksOf, wholeOf, zoom } from "./window";

const day = (text: string) => dayOf(text) as number;
const time = (row: Row, show: Parameters<typeof timeOf>[1]) => {
  const span = timeOf(row, show);
  return span && [span.start, span.end].map((day) => (day === null ? ".." : isoOf(day)));
};

describe("the time of a row", () => {
  it("is as precise as its date", () => {
    expect(time({ at: "2024-05" }, { at: "at" })).toEqual(["2024-05-01", "2024-06-01"]);
    expect(time({ at: "../2024-05-06" }, { at: "at" })).toEqual(["..", "2024-05-07"]);
    expect(time({ at: 2024 }, { at: "at" })).toEqual(["2024-01-01", "2025-01-01"]);
  });
  it("is a period with two days, and open without an end", () => {
    const show = { from: "from", until: "until", at: "from" };
    expect(time({ from: "2020-01-01", until: "2021-01-01" }, show)).toEqual(["2020-01-01", "2021-01-01"]);
    expect(time({ from: "2020-01-01", until: null }, show)).toEqual(["2020-01-01", ".."]);
  });
  it("is an unknown day between the earliest and the latest day", () => {
    const [row, show] = [
      { from: "2020-01-01", at: "2020-12-31" },
      { from: "from", at: "at" },
    ];
    expect(time(row, show)).toEqual(["2020-01-01", "2021-01-01"]);
    expect(timeOf(row, show)).toMatchObject({ when: "2020", lasts: false });
    expect(timeOf({ from: "2020-01-01", until: null }, { from: "from", until: "until" })).toMatchObject({
      when: "2020-01-01 –",
      lasts: true,
    });
  });
  it("is null without a date", () => {
    expect(timeOf({ at: null }, { at: "at" })).toBeNull();
    expect(timeOf({ at: "soon" }, { at: "at" })).toBeNull();
  });
});

describe("lanes", () => {
  const thing = (iri: string) => ({ iri, label: iri });
  const rows: Row[] = [
    { at: "2020", who: [thing("a"), thing("b")], what: "x" },
    { at: "2019-02", who: thing("b"), what: "y" },
    { at: "2021", who: null, what: "z" },
    { at: null, who: thing("c"), what: "never" },
  ];
  const answer = { rows, columns: [], asOf: "2022-01-01", title: "" };
  const events = eventsOf({ answer, show: { at: "at", label: "what" } }, [0, 1, 2, 3], "en");
  it("contain an event for each value, the largest lane first and unknown values last", () => {
    const lanes = lanesOf(events, rows, "who", "en", "?");
    expect(lanes.map((lane) => [lane.label, lane.events.map((event) => event.label)])).toEqual([
      ["b", ["x", "y"]],
      ["a", ["x"]],
      ["?", ["z"]],
    ]);
  });
  it("contain rows with the same content once", () => {
    const same: Row[] = [
      { at: "2020", who: thing("a"), what: thing("x") },
      { at: "2020", who: thing("b"), what: thing("x") },
      { at: "2021", who: thing("b"), what: thing("x") },
    ];
    const merged = eventsOf({ answer: { ...answer, rows: same }, show: { at: "at", label: "what" } }, [0, 1, 2], "en");
    expect(merged.map((event) => event.rows)).toEqual([[0, 1], [2]]);
    expect(lanesOf(merged, same, "who", "en", "?").map((lane) => [lane.label, lane.events.length])).toEqual([
      ["b", 2],
      ["a", 1],
    ]);
  });
  it("can be a single lane for all events", () => {
    expect(lanesOf(events, rows, undefined, "en", "?").map((lane) => lane.events.length)).toEqual([3]);
    expect(sortByTime(events).map((event) => event.label)).toEqual(["y", "x", "z"]);
  });
});

describe("packing", () => {
  it("never overlaps marks or labels", () => {
    const boxes = Array.from({ length: 60 }, (_, i) => ({
      left: i * 9,
      right: i * 9 + 8,
      label: 50 + (i % 5) * 20,
      allowsLabelBefore: i % 2 > 0,
    }));
    const { placements, rows } = pack(boxes, 560, 4);
    const ends = new Map<number, number>();
    boxes.forEach((box, i) => {
      const { row, labelSide } = placements[i] as Placement;
      expect(box.left - (labelSide === "before" ? 6 + box.label : 0)).toBeGreaterThanOrEqual(ends.get(row) ?? 0);
      ends.set(row, box.right + (labelSide === "after" ? 6 + box.label : 0));
      if (labelSide) expect(ends.get(row)).toBeLessThanOrEqual(560);
    });
    expect(rows).toBe(ends.size);
  });
  it("puts a label before its box if there is no room after it and the box allows it", () => {
    const labelSide = (allowsLabelBefore: boolean) =>
      pack([{ left: 90, right: 99, label: 50, allowsLabelBefore }], 100, 4).placements[0]?.labelSide;
    expect([labelSide(true), labelSide(false)]).toEqual(["before", null]);
  });
  it("counts Chinese characters as wide", () => {
    expect(estimateWidth("长安", 10)).toBe(20);
    expect(truncate("长安汽车", 5)).toBe("长安…");
    expect(truncate("Changan", 10)).toBe("Changan");
  });
});

describe("the window", () => {
  const window = { start: day("2020-01-01"), end: day("2024-01-01") };
  it("has ticks for years, or for months if there is room", () => {
    expect(ticksOf(window, 6).map((tick) => tick.label)).toEqual(["2020", "2021", "2022", "2023", "2024"].slice(0, 5));
    expect(ticksOf({ start: day("2020-01-15"), end: day("2020-04-02") }, 6).map((tick) => tick.label)).toEqual([
      "2020-02",
      "2020-03",
      "2020-04",
    ]);
  });
  it("keeps the day under the pointer in place when zooming", () => {
    const closer = zoom(window, 0.5, day("2021-01-01"));
    const share = (of: typeof window) => (day("2021-01-01") - of.start) / (of.end - of.start);
    expect(share(closer)).toBeCloseTo(share(window), 2);
    expect(zoom(window, 0.000001, window.start).end - window.start).toBeGreaterThan(20);
  });
  it("is around today if no event has a date", () => {
    const whole = wholeOf([], day("2026-11-24"));
    expect(whole.start < day("2026-11-24") && day("2026-11-24") < whole.end).toBe(true);
  });
});
