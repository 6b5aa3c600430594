// Positions of entities from the API, matched with the outlines of countries.
import { geoCentroid, geoDistance } from "d3-geo";
import { fold } from "../answer/rows";
import { get } from "../api/get";
import type { Language, Page, Place } from "../api/types";
import { createFinder, loadOutlines, type Outline, type Point } from "./atlas";

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

export async function loadGazetteer(lang: Language): Promise<Gazetteer> {
  const [all, places, atlasPlaces] = await Promise.all([loadOutlines(), loadPlaces(lang), loadPlaces(ATLAS_LANGUAGE)]);
  return buildGazetteer(all, places, new Map(atlasPlaces.map(({ iri, label }) => [iri, label])));
}

async function loadPlaces(lang: Language): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (let hasMore = true; hasMore; ) {
    const page = await get<Page & { readonly places: readonly Place[] }>("api/places", {
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
