// Examples to start from: the entities of each class with the most episodes.

import { useCallback } from "preact/hooks";
import { get, useGet, useLoading } from "../api/requests";
import type { Language } from "../api/types";
import { exampleParams } from "../ask/parameters";
import { localize, useLanguage, useWords } from "../state/language";
import { href, set } from "../state/route";
import { Combobox } from "../ui/combobox";
import { LinkList } from "../ui/controls";
import { Loaded, Waiting } from "../ui/loading";
import { type Projection, searchEntities } from "./load";
import { words } from "./words";

interface Example {
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

/** Returns the examples, none if the server cannot find any, or undefined until it has answered. */
function useExamples(): readonly Example[] | undefined {
  const lang = useLanguage();
  const loading = useLoading(useCallback(() => get<Results>("sparql", { query: query(lang), over: "record", format: "json" }), [lang]));
  if (loading.state === "failed") return [];
  return loading.data && selectExamples(loading.data);
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

/** The start page: a search for an entity, examples of entities, and the predefined graphs. */
export function StartPage() {
  const w = useWords(words);
  const lang = useLanguage();
  const projections = useGet<{ projections: Projection[] }>("api/graph");
  const examples = useExamples();
  return (
    <div class="graph-start">
      <header class="hero">
        <h1>{w.title}</h1>
        <p>{w.lead}</p>
        <Combobox label={w.searchLabel} placeholder={w.find} find={searchEntities} choose={(choice) => set({ thing: choice.value })} />
      </header>
      {examples && examples.length > 0 && (
        <section>
          <h2>{w.examples}</h2>
          <ul class="examples">
            {examples.map(({ iri, label, kind }) => (
              <li key={iri}>
                <a href={href("explore", "", { thing: iri })}>
                  <bdi>{label}</bdi>
                </a>{" "}
                <small>{kind}</small>
              </li>
            ))}
          </ul>
        </section>
      )}
      {/* Not before what is above it. */}
      {examples ? (
        <section>
          <h2>{w.projections}</h2>
          <Loaded of={projections}>
            {(data) => (
              <LinkList
                class="featured"
                // A projection with `expand` starts from an entity, which the search above is for.
                links={data.projections
                  .filter((projection) => !projection.expand)
                  .map((projection) => [
                    href("explore", "", { from: projection.name, ...exampleParams(projection) }),
                    localize(projection.title, lang),
                  ])}
              />
            )}
          </Loaded>
        </section>
      ) : (
        <Waiting />
      )}
    </div>
  );
}
