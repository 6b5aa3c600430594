import { href } from "../state/route";

const BASE = "https://w3id.org/nevkg/";
const ENTITY = /^([a-z]+)\/([\p{L}\p{N}_][\p{L}\p{N}_.-]*)$/u;
const KERNEL = new Set(["ontology", "vocabulary"]); // folders whose prefix has another name

/** The view of entities. */
export const THING = "thing";

/** The address of the page of an entity, on the day of this page. */
export function thingAddress(iri: string): string {
  return href(THING, nameOf(iri));
}

/** Whether there is a page: other names are their own addresses. */
export function hasPage(iri: string): boolean {
  return iri.startsWith(BASE);
}

/** The prefixed name where prefix and folder are the same, as for all entities; else the IRI. */
export function nameOf(iri: string): string {
  const [, folder = "", slug = ""] = (hasPage(iri) && ENTITY.exec(iri.slice(BASE.length))) || [];
  return folder && !KERNEL.has(folder) ? `${folder}:${slug}` : iri;
}
