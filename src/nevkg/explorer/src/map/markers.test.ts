import { describe, expect, it } from "vitest";
import type { Place, Row } from "../api/types";
import { hasSelectedValue, UNKNOWN } from "../ui/values";
import { buildGazetteer, type Outline } from "./gazetteer";
import { markersOf, rankValues, shadesOf, sizesOf } from "./markers";

const thing = (iri: string) => ({ iri, label: iri.toUpperCase() });
const place = (iri: string, longitude: number, latitude: number, at: string, precision: string): Place => ({
  ...thing(iri),
  longitude,
  latitude,
  at: thing(at),
  precision: thing(precision),
});
const square = (x: number, y: number, name?: string): Outline => ({
  type: "Feature",
  properties: { name },
  geometry: {
    type: "Polygon",
    coordinates: [
      [
        [x, y],
        [x, y + 10],
        [x + 10, y + 10],
        [x + 10, y],
        [x, y],
      ],
    ],
  },
});
const outlines = [square(0, 0), square(40, 0), square(80, 0, "Isles")];
const places = [
  place("land", 5, 5, "land", "wide"),
  place("enclave", 9, 9, "enclave", "wide"),
  place("other", 45, 5, "other", "wide"),
  place("isles", 75, 5, "isles", "wide"), // in the sea between the islands
  place("town", 4, 4, "town", "fine"),
  place("works", 4, 4, "town", "fine"),
  place("plan", 5, 5, "land", "wide"),
];
const gazetteer = buildGazetteer(outlines, places, new Map(places.map(({ iri, label }) => [iri, label])));

describe("the gazetteer", () => {
  it("assigns each outline to the place of its name or nearest to its centre", () => {
    expect([...gazetteer.areas].map(([iri, outline]) => [iri, outline && outlines.indexOf(outline)])).toEqual([
      ["land", 0],
      ["enclave", null],
      ["other", 1],
      ["isles", 2],
    ]);
  });
  it("marks places of which only the area is known", () => {
    expect(places.filter(gazetteer.isCoarse).map(({ iri }) => iri)).toEqual(["plan"]);
  });
});

describe("markers", () => {
  const rows: Row[] = [
    { at: thing("works"), who: thing("a"), size: 5, how: "done" },
    { at: thing("works"), who: [thing("b"), thing("a")], size: 9, how: "planned" },
    { at: [thing("plan"), thing("nowhere")], who: null, size: null, how: null },
  ];
  const show = { place: "at", color: "who", size: "size", status: "how" };
  it("combine the rows of one place", () => {
    const { markers, unlocated } = markersOf({ rows }, show, [0, 1, 2], gazetteer, ["planned", "done"]);
    expect(markers.map(({ key, rows: own, size, colors, status, isCoarse }) => [key, own, size, colors, status, isCoarse])).toEqual([
      ["works", [0, 1], 9, ["a", "b"], "planned", false],
      ["plan", [2], null, [""], "", true],
    ]);
    expect(unlocated).toEqual(["NOWHERE"]);
  });
  it("can be filtered by a missing value", () => {
    expect(hasSelectedValue(null, new Set())).toBe(true);
    expect(hasSelectedValue(null, new Set([UNKNOWN]))).toBe(true);
    expect(hasSelectedValue(thing("a"), new Set([UNKNOWN]))).toBe(false);
  });
  it("are ranked by number or by duration", () => {
    expect(rankValues(rows, "who")).toEqual(["a", "", "b"]);
    const periods = [0, 90, 0].map((from) => ({ from, until: Number.POSITIVE_INFINITY }));
    expect(rankValues(rows, "how", periods, 100)).toEqual(["", "done", "planned"]);
  });
});

describe("sizes", () => {
  it("make areas proportional to numbers", () => {
    const sizes = sizesOf([400, 100, null], 20);
    expect([sizes.of(400), sizes.of(100)]).toEqual([20, 10]);
    expect(sizes.steps[0]).toBe(400);
  });
  it("have no steps without numbers", () => {
    expect(sizesOf([null], 20).steps).toEqual([]);
    expect(shadesOf([]).steps).toEqual([1]);
  });
  it("have a step for each of a few numbers", () => {
    expect(shadesOf([3, 1]).steps).toEqual([3, 2, 1]);
  });
});
