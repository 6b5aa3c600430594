// Where things lie: the positions of the API, put together with the outlines of the atlas.
import { geoCentroid, geoDistance } from "d3-geo";
import { fold } from "../answer/rows";
import { get } from "../api/get";
import type { Language, Page, Place } from "../api/types";
import { finder, type Outline, outlines, type Point } from "./atlas";

const OF_ATLAS: Language = "en"; // what its names are in

export interface Gazetteer {
  readonly outlines: readonly Outline[];
  readonly places: ReadonlyMap<string, Place>;
  /** The places that have an outline of their own, or would have one in a finer atlas. */
  readonly areas: ReadonlyMap<string, Outline | null>;
  /** In which of these a point lies. */
  readonly areaOf: (point: Point) => string | undefined;
  /** Whether no more is known of a thing's position than in which of these it lies. */
  readonly isCoarse: (place: Place) => boolean;
}

export async function gazetteer(lang: Language): Promise<Gazetteer> {
  const [all, places, named] = await Promise.all([outlines(), positions(lang), positions(OF_ATLAS)]);
  return gathered(all, places, new Map(named.map(({ iri, label }) => [iri, label])));
}

async function positions(lang: Language): Promise<readonly Place[]> {
  const found: Place[] = [];
  for (let more = true; more; ) {
    const page = await get<Page & { readonly places: readonly Place[] }>("api/places", {
      lang,
      ...(found.length ? { offset: found.length } : {}),
    });
    found.push(...page.places);
    more = page.truncated && page.places.length > 0;
  }
  return found;
}

/** The precision whose places reach the most outlines is that of the outlines: nothing else tells which it is. */
export function gathered(all: readonly Outline[], places: readonly Place[], names: ReadonlyMap<string, string>): Gazetteer {
  const find = finder(all);
  const byPrecision = new Map<string, Map<Place, Outline | undefined>>();
  for (const place of places) {
    if (place.at.iri !== place.iri || !place.precision) continue;
    const found = byPrecision.get(place.precision.iri) ?? new Map<Place, Outline | undefined>();
    byPrecision.set(place.precision.iri, found.set(place, find([place.longitude, place.latitude])));
  }
  const reach = (found: Map<Place, Outline | undefined>) => new Set(found.values()).size;
  const [precision, own] = [...byPrecision].sort(([, a], [, b]) => reach(b) - reach(a))[0] ?? ["", new Map()];
  const areas = matched(own, all, names);
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
 * The outline of each place: that of its name, or else that in which it lies, unless this is another's. Where several lie in
 * one, it belongs to that in its middle; the others are too small to have one. Points alone do not do: the middle of islands
 * is the sea, and at this scale some lie over the border.
 */
function matched(
  own: ReadonlyMap<Place, Outline | undefined>,
  all: readonly Outline[],
  names: ReadonlyMap<string, string>,
): Map<string, Outline | null> {
  const byName = new Map(all.map((outline) => [fold(String(outline.properties?.name ?? "")), outline]));
  const found = new Map<string, Outline | null>();
  for (const place of own.keys()) found.set(place.iri, byName.get(fold(names.get(place.iri) ?? "")) ?? null);
  const taken = new Set(found.values());
  const nearest = new Map<Outline, { place: Place; distance: number }>();
  for (const [place, outline] of own) {
    if (!outline || taken.has(outline) || found.get(place.iri)) continue;
    const distance = geoDistance([place.longitude, place.latitude], geoCentroid(outline));
    if (distance < (nearest.get(outline)?.distance ?? Number.POSITIVE_INFINITY)) nearest.set(outline, { place, distance });
  }
  for (const [outline, { place }] of nearest) found.set(place.iri, outline);
  return found;
}
