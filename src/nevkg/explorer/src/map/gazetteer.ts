// Where things lie: the positions of the API, put together with the outlines of the atlas.
import { geoCentroid, geoDistance } from "d3-geo";
import { get } from "../api/get";
import type { Language, Page, Place } from "../api/types";
import { finder, type Outline, outlines } from "./atlas";

export interface Gazetteer {
  readonly outlines: readonly Outline[];
  readonly places: ReadonlyMap<string, Place>;
  /** The places that have an outline of their own, or would have one in a finer atlas. */
  readonly areas: ReadonlyMap<string, Outline | null>;
  /** Whether no more is known of a thing's position than in which of these it lies. */
  readonly isCoarse: (place: Place) => boolean;
}

export async function gazetteer(tongue: Language): Promise<Gazetteer> {
  const [all, places] = await Promise.all([outlines(), positions(tongue)]);
  return gathered(all, places);
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
export function gathered(all: readonly Outline[], places: readonly Place[]): Gazetteer {
  const find = finder(all);
  const byPrecision = new Map<string, Map<Place, Outline | undefined>>();
  for (const place of places) {
    if (place.at.iri !== place.iri || !place.precision) continue;
    const found = byPrecision.get(place.precision.iri) ?? new Map<Place, Outline | undefined>();
    byPrecision.set(place.precision.iri, found.set(place, find([place.longitude, place.latitude])));
  }
  const reach = (found: Map<Place, Outline | undefined>) => new Set(found.values()).size;
  const [precision, own] = [...byPrecision].sort(([, a], [, b]) => reach(b) - reach(a))[0] ?? ["", new Map()];
  return {
    outlines: all,
    places: new Map(places.map((place) => [place.iri, place])),
    areas: matched(own),
    isCoarse: (place) => place.at.iri !== place.iri && place.precision?.iri === precision,
  };
}

/** Where several places lie in one outline, it belongs to that in its middle; the others are too small to have one. */
function matched(own: ReadonlyMap<Place, Outline | undefined>): Map<string, Outline | null> {
  const nearest = new Map<Outline, { place: Place; distance: number }>();
  for (const [place, outline] of own) {
    if (!outline) continue;
    const distance = geoDistance([place.longitude, place.latitude], geoCentroid(outline));
    if (distance < (nearest.get(outline)?.distance ?? Number.POSITIVE_INFINITY)) nearest.set(outline, { place, distance });
  }
  return new Map([...own].map(([place, outline]) => [place.iri, outline && nearest.get(outline)?.place === place ? outline : null]));
}
