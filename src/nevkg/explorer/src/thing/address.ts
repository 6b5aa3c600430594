import { tracing } from "../trace/address";

/** Where one reads about an entity. */
export function thingAddress(iri: string): string {
  return tracing([iri]);
}
