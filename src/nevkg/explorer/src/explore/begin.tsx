import { useGet } from "../api/use";
import { exampleParams } from "../ask/parameters";
import { localize, useLanguage, useWords } from "../state/language";
import { href, set } from "../state/route";
import { Combobox } from "../ui/combobox";
import { Loaded } from "../ui/loaded";
import { useBestLinked } from "./best";
import { findThings } from "./find";
import type { Projection } from "./load";
import { words } from "./words";

/** Where nothing is drawn yet: a thing to begin with, or a graph. */
export function Begin() {
  const w = useWords(words);
  const tongue = useLanguage();
  const projections = useGet<{ projections: Projection[] }>("api/graph");
  const linked = useBestLinked();
  return (
    <div class="begin">
      <header class="hero">
        <h1>{w.title}</h1>
        <p>{w.lead}</p>
        <Combobox label={w.finding} placeholder={w.find} find={findThings} choose={(choice) => set({ thing: choice.value })} />
      </header>
      {linked.length > 0 && (
        <section>
          <h2>{w.linked}</h2>
          <ul class="examples">
            {linked.map((one) => (
              <li key={one.iri}>
                <a href={href("explore", "", { thing: one.iri })}>
                  <bdi>{one.label}</bdi>
                </a>{" "}
                <small>{one.kind}</small>
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
              {/* Those that grow from a thing are what the field above begins. */}
              {data.projections
                .filter((one) => !one.expand)
                .map((one) => (
                  <li key={one.name}>
                    <a href={href("explore", "", { from: one.name, ...exampleParams(one) })}>{localize(one.title, tongue)}</a>
                  </li>
                ))}
            </ul>
          )}
        </Loaded>
      </section>
    </div>
  );
}
