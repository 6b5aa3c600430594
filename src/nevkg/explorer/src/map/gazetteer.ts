// Positions of entities from the API, matched with the outlines of countries, which are loaded when a map is first shown.

import { type ExtendedFeature, geoBounds, geoCentroid, geoContains, geoDistance } from "d3-geo";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlas from "world-atlas/countries-110m.json?url";
import { fetchJson, get } from "../api/requests";
import type { Language, Place, Places } from "../api/types";
import { fold } from "../ui/text";

export type Outline = ExtendedFeature;
type Point = readonly [longitude: number, latitude: number];

let request: Promise<readonly Outline[]> | undefined;

function loadOutlines(): Promise<readonly Outline[]> {
  request ??= fetchJson<Topology>(atlas, {}).then(
    (topology) => feature(topology, topology.objects.countries as GeometryCollection).features as readonly Outline[],
  );
  request.catch(() => {
    request = undefined;
  });
  return request;
}

/** Returns a function that finds the outline around a point. It checks the bounds first, since that is fast. */
function createFinder(all: readonly Outline[]): (point: Point) => Outline | undefined {
  const candidates = all.map((outline) => ({ outline, bounds: geoBounds(outline) }));
  return (point) => candidates.find(({ outline, bounds }) => isWithin(point, bounds) && geoContains(outline, [...point]))?.outline;
}

function isWithin([x, y]: Point, [[west, south], [east, north]]: [[number, number], [number, number]]): boolean {
  if (y < south || y > north) return false;
  return west <= east ? x >= west && x <= east : x >= west || x <= east; // across the antimeridian
}

const ATLAS_LANGUAGE: Language = "en";

export interface Gazetteer {
  readonly outlines: readonly Outline[];
  readonly places: ReadonlyMap<string, Place>;
  /** The places that are areas, with their outlines; null if the atlas is too coarse for one. */
  readonly areas: ReadonlyMap<string, Outline | null>;
  /** Returns the area around a point. */
  readonly areaOf: (point: Point) => string | undefined;
  /** Whether only the area around an entity is known. */
  readonly isCoarse: (place: Place) => boolean;
}

const gazetteers = new Map<Language, Promise<Gazetteer>>();

/** Loads the gazetteer, once for each language. */
export function loadGazetteer(lang: Language): Promise<Gazetteer> {
  const gazetteer =
    gazetteers.get(lang) ??
    Promise.all([loadOutlines(), loadPlaces(lang), loadPlaces(ATLAS_LANGUAGE)]).then(([all, places, atlasPlaces]) =>
      buildGazetteer(all, places, new Map(atlasPlaces.map(({ iri, label }) => [iri, label]))),
    );
  gazetteers.set(lang, gazetteer);
  gazetteer.catch(() => gazetteers.delete(lang));
  return gazetteer;
}

async function loadPlaces(lang: Language): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (let hasMore = true; hasMore; ) {
    const page = await get<Places>("api/places", {
      lang,
      ...(places.length ? { offset: places.length } : {}),
    });
    places.push(...page.places);
    hasMore = page.truncated && page.places.length > 0;
  }
  return places;
}

/** Builds the gazetteer. Areas are the places of the precision that matches the most outlines; the data does not name it. */
export function buildGazetteer(all: readonly Outline[], places: readonly Place[], names: ReadonlyMap<string, string>): Gazetteer {
  const find = createFinder(all);
  const byPrecision = new Map<string, Map<Place, Outline | undefined>>();
  for (const place of places) {
    if (place.at.iri !== place.iri || !place.precision) continue;
    const matches = byPrecision.get(place.precision.iri) ?? new Map<Place, Outline | undefined>();
    byPrecision.set(place.precision.iri, matches.set(place, find([place.longitude, place.latitude])));
  }
  const countOutlines = (matches: Map<Place, Outline | undefined>) => new Set(matches.values()).size;
  const [precision, matches] = [...byPrecision].sort(([, a], [, b]) => countOutlines(b) - countOutlines(a))[0] ?? ["", new Map()];
  const areas = matchOutlines(matches, all, names);
  const owners = new Map([...areas].map(([iri, outline]) => [outline ?? undefined, iri]));
  return {
    outlines: all,
    places: new Map(places.map((place) => [place.iri, place])),
    areas,
    areaOf: (point) => {
      const outline = find(point);
      return outline && owners.get(outline);
    },
    isCoarse: (place) => place.at.iri !== place.iri && place.precision?.iri === precision,
  };
}

/**
 * Returns the outline of each place: the one with its name, otherwise the one around its point if no other place has it. If
 * several points are in an outline, the place nearest to its centre gets it; the others are too small for the atlas. Points alone
 * are not enough: the centre of islands may be in the sea, and at this scale some points are across the border.
 */
function matchOutlines(
  matches: ReadonlyMap<Place, Outline | undefined>,
  all: readonly Outline[],
  names: ReadonlyMap<string, string>,
): Map<string, Outline | null> {
  const byName = new Map(all.map((outline) => [fold(String(outline.properties?.name ?? "")), outline]));
  const result = new Map<string, Outline | null>();
  for (const place of matches.keys()) result.set(place.iri, byName.get(fold(names.get(place.iri) ?? "")) ?? null);
  const used = new Set(result.values());
  const nearest = new Map<Outline, { place: Place; distance: number }>();
  for (const [place, outline] of matches) {
    if (!outline || used.has(outline) || result.get(place.iri)) continue;
    const distance = geoDistance([place.longitude, place.latitude], geoCentroid(outline));
    if (distance < (nearest.get(outline)?.distance ?? Number.POSITIVE_INFINITY)) nearest.set(outline, { place, distance });
  }
  for (const [outline, { place }] of nearest) result.set(place.iri, outline);
  return result;
}
