// The outlines of the world, fetched when a map is first shown.
import { type ExtendedFeature, geoBounds, geoContains } from "d3-geo";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlas from "world-atlas/countries-110m.json?url";
import { fetchJson } from "../api/get";

export type Outline = ExtendedFeature;
export type Point = readonly [longitude: number, latitude: number];

let coming: Promise<readonly Outline[]> | undefined;

export function outlines(): Promise<readonly Outline[]> {
  coming ??= fetchJson<Topology>(atlas, {}).then(
    (topology) => feature(topology, topology.objects.countries as GeometryCollection).features as readonly Outline[],
  );
  coming.catch(() => {
    coming = undefined;
  });
  return coming;
}

/** For points, the outline in which each lies: the bounds are looked at first, since they are quick. */
export function finder(all: readonly Outline[]): (point: Point) => Outline | undefined {
  const bounded = all.map((outline) => ({ outline, bounds: geoBounds(outline) }));
  return (point) => bounded.find(({ outline, bounds }) => within(point, bounds) && geoContains(outline, [...point]))?.outline;
}

function within([x, y]: Point, [[west, south], [east, north]]: [[number, number], [number, number]]): boolean {
  if (y < south || y > north) return false;
  return west <= east ? x >= west && x <= east : x >= west || x <= east; // over the antimeridian
}
