import { served } from "../api/carry";
import type { Language } from "../api/types";

const BASE = "https://w3id.org/nevkg/";

/** The plain page of a name of ours, on this server; other names are their own addresses. */
export function plain(iri: string, language: Language): string {
  return iri.startsWith(BASE)
    ? served(`${iri.slice(BASE.length).split("#")[0]}?lang=${language}${iri.includes("#") ? `#${iri.split("#")[1]}` : ""}`)
    : iri;
}
