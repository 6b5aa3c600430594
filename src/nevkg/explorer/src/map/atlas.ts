// Outlines of countries, loaded when a map is first shown.
import { type ExtendedFeature, geoBounds, geoContains } from "d3-geo";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlas from "world-atlas/countries-110m.json?url";
import { fetchJson } from "../api/get";

export type Outline = ExtendedFeature;
export type Point = readonly [longitude: number, latitude: number];

let request: Promise<readonly Outline[]> | undefined;

export function loadOutlines(): Promise<readonly Outline[]> {
  request ??= fetchJson<Topology>(atlas, {}).then(
    (topology) => feature(topology, topology.objects.countries as GeometryCollection).features as readonly Outline[],
  );
  request.catch(() => {
    request = undefined;
  });
  return request;
}

/** Returns a function that finds the outline around a point. It checks the bounds first, since that is fast. */
export function createFinder(all: readonly Outline[]): (point: Point) => Outline | undefined {
  const candidates = all.map((outline) => ({ outline, bounds: geoBounds(outline) }));
  return (point) => candidates.find(({ outline, bounds }) => isWithin(point, bounds) && geoContains(outline, [...point]))?.outline;
}

function isWithin([x, y]: Point, [[west, south], [east, north]]: [[number, number], [number, number]]): boolean {
  if (y < south || y > north) return false;
  return west <= east ? x >= west && x <= east : x >= west || x <= east; // across the antimeridian
}
