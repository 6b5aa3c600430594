import { serverHref } from "../api/transport";
import type { Language } from "../api/types";

const BASE = "https://w3id.org/nevkg/";

/** Returns the address of the page without JavaScript for an IRI of the project; other IRIs are returned as they are. */
export function plainPageAddress(iri: string, lang: Language): string {
  return iri.startsWith(BASE)
    ? serverHref(`${iri.slice(BASE.length).split("#")[0]}?lang=${lang}${iri.includes("#") ? `#${iri.split("#")[1]}` : ""}`)
    : iri;
}
