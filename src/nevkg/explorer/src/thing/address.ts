import { href } from "../state/route";

const BASE = "https://w3id.org/nevkg/";
const ENTITY = /^([a-z]+)\/([\p{L}\p{N}_][\p{L}\p{N}_.-]*)$/u;
const OTHER_PREFIX = new Set(["ontology", "vocabulary"]); // folders whose prefix has another name

/** The name of the view of entities in the address. */
export const ENTITY_VIEW = "thing";

/** Returns the address of the page of an entity, for the day of the present view. */
export function entityAddress(iri: string): string {
  return href(ENTITY_VIEW, nameOf(iri));
}

/** Returns whether the explorer has a page for an IRI; other IRIs are links themselves. */
export function hasPage(iri: string): boolean {
  return iri.startsWith(BASE);
}

/** Returns the prefixed name if prefix and folder are the same, as for all entities; otherwise the IRI. */
export function nameOf(iri: string): string {
  const [, folder = "", slug = ""] = (hasPage(iri) && ENTITY.exec(iri.slice(BASE.length))) || [];
  return folder && !OTHER_PREFIX.has(folder) ? `${folder}:${slug}` : iri;
}
