import { useGet } from "../api/use";
import { exampleParams } from "../ask/parameters";
import { localize, useLanguage, useWords } from "../state/language";
import { href, set } from "../state/route";
import { Combobox } from "../ui/combobox";
import { Loaded } from "../ui/loaded";
import { useExamples } from "./examples";
import { searchEntities } from "./find";
import type { Projection } from "./load";
import { words } from "./words";

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
      {examples.length > 0 && (
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
      <section>
        <h2>{w.projections}</h2>
        <Loaded of={projections}>
          {(data) => (
            <ul class="featured">
              {/* A projection with `expand` starts from an entity, which the search above is for. */}
              {data.projections
                .filter((projection) => !projection.expand)
                .map((projection) => (
                  <li key={projection.name}>
                    <a href={href("explore", "", { from: projection.name, ...exampleParams(projection) })}>
                      {localize(projection.title, lang)}
                    </a>
                  </li>
                ))}
            </ul>
          )}
        </Loaded>
      </section>
    </div>
  );
}
