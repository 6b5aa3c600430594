// Examples to start from: the entities of each class with the most episodes.
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

const MAX_PER_CLASS = 2;
const MAX_EXAMPLES = 14;

// The query only uses terms of the kernel, so that it works with any domain.
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

interface Results {
  readonly results: { readonly bindings: readonly Record<"thing" | "label" | "kind", { readonly value: string }>[] };
}

export function useExamples(): readonly Example[] {
  const lang = useLanguage();
  const loading = useLoading(useCallback(() => get<Results>("sparql", { query: query(lang), over: "record", format: "json" }), [lang]));
  return loading.state === "loaded" ? selectExamples(loading.data) : [];
}

/** Selects the first entities of each class. An entity of several classes is selected once. */
function selectExamples({ results }: Results): Example[] {
  const counts = new Map<string, number>();
  const examples = new Map<string, Example>();
  for (const { thing, label, kind } of results.bindings) {
    const count = counts.get(kind.value) ?? 0;
    if (count >= MAX_PER_CLASS || examples.has(thing.value) || examples.size >= MAX_EXAMPLES) continue;
    counts.set(kind.value, count + 1);
    examples.set(thing.value, { iri: thing.value, label: label.value, kind: kind.value });
  }
  return [...examples.values()];
}
