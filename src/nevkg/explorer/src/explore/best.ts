// Examples to begin with, as the data has them: of each class the things that most is known of.
import { useCallback } from "preact/hooks";
import { get } from "../api/get";
import type { Language } from "../api/types";
import { useLoading } from "../api/use";
import { useLanguage } from "../state/language";

export interface Example {
  readonly iri: string;
  readonly label: string;
  readonly kind: string;
}

const OF_A_KIND = 2;
const MOST = 14;

// The kernel's own names: an episode has a subject and a value.
const query = (lang: Language) => `PREFIX nev: <https://w3id.org/nevkg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?thing ?label ?kind WHERE {
  {
    SELECT ?thing (COUNT(DISTINCT ?episode) AS ?links) WHERE {
      ?episode a nev:Episode ; nev:subject|nev:value ?thing .
      FILTER(isIRI(?thing))
    }
    GROUP BY ?thing
  }
  ?thing a ?class ; rdfs:label ?label .
  ?class rdfs:label ?kind .
  FILTER EXISTS { ?class rdfs:isDefinedBy ?module }
  FILTER NOT EXISTS { ?class nev:isRole true }
  FILTER NOT EXISTS {
    ?thing a ?narrow .
    ?narrow rdfs:subClassOf ?class .
    FILTER(?narrow != ?class)
    FILTER NOT EXISTS { ?narrow nev:isRole true }
  }
  FILTER(LANG(?label) = "${lang}" && LANG(?kind) = "${lang}")
}
ORDER BY DESC(?links) ?thing
LIMIT 300`;

interface Found {
  readonly results: { readonly bindings: readonly Record<"thing" | "label" | "kind", { readonly value: string }>[] };
}

export function useBestLinked(): readonly Example[] {
  const lang = useLanguage();
  const loading = useLoading(useCallback(() => get<Found>("sparql", { query: query(lang), over: "record", format: "json" }), [lang]));
  return loading.state === "loaded" ? best(loading.data) : [];
}

/** The first of each kind, in the order in which they come, each thing once. */
export function best({ results }: Found): Example[] {
  const counts = new Map<string, number>();
  const found = new Map<string, Example>();
  for (const { thing, label, kind } of results.bindings) {
    const count = counts.get(kind.value) ?? 0;
    if (count >= OF_A_KIND || found.has(thing.value) || found.size >= MOST) continue;
    counts.set(kind.value, count + 1);
    found.set(thing.value, { iri: thing.value, label: label.value, kind: kind.value });
  }
  return [...found.values()];
}
