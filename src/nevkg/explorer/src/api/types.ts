// The types of the API's responses, and what the explorer adds to them.

import type { Language, Thing } from "./responses";

export type * from "./responses";

export type Words = Readonly<Record<Language, string>>;

export function isThing(value: unknown): value is Thing {
  return typeof value === "object" && value !== null && "iri" in value && "label" in value;
}
