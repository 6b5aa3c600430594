import { serverHref } from "../api/transport";
import type { Language } from "../api/types";

const BASE = "https://w3id.org/nevkg/";

/** The plain page of a name of ours, on this server; other names are their own addresses. */
export function plain(iri: string, tongue: Language): string {
  return iri.startsWith(BASE)
    ? serverHref(`${iri.slice(BASE.length).split("#")[0]}?lang=${tongue}${iri.includes("#") ? `#${iri.split("#")[1]}` : ""}`)
    : iri;
}
