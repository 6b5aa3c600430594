import { useRef } from "preact/hooks";
import type { Thing } from "../api/types";
import { useGet } from "../api/use";
import { fill, number, useLanguage, useWords } from "../state/language";
import { href } from "../state/route";
import { Empty, Loaded } from "../ui/loaded";
import { entityAddress } from "./address";
import { useIsNear } from "./use-is-near";
import { words } from "./words";

const MAX_NODES = 8; // per class

interface NeighbourGroups {
  readonly groups: readonly {
    readonly kind: Thing;
    readonly total: number;
    readonly nodes: readonly (Thing & { readonly statements: number })[];
  }[];
}

/** The neighbours of an entity by class, those with most statements first. */
export function Neighbours({ iri, day }: { iri: string; day: string | undefined }) {
  const w = useWords(words);
  const lang = useLanguage();
  const section = useRef<HTMLElement>(null);
  const isNear = useIsNear(section);
  const loading = useGet<NeighbourGroups>(isNear ? "api/neighbours" : null, {
    iri,
    as_of: day,
    lang,
    order: "statements",
    limit: MAX_NODES,
  });
  return (
    <section class="linked" ref={section}>
      <h2>{w.neighbours}</h2>
      {isNear && (
        <Loaded of={loading}>
          {({ groups }) =>
            groups.length === 0 ? (
              <Empty>{w.none}</Empty>
            ) : (
              <div class="groups">
                {groups.map(({ kind, total, nodes }) => (
                  <section key={kind.iri}>
                    <h3>
                      {kind.label} <span class="count">{number(total, lang)}</span>
                    </h3>
                    <ul>
                      {nodes.map((node) => (
                        <li key={node.iri}>
                          <a href={entityAddress(node.iri)}>
                            <bdi>{node.label}</bdi>
                          </a>{" "}
                          <small>{fill(w.count, number(node.statements, lang))}</small>
                        </li>
                      ))}
                    </ul>
                    {total > nodes.length && <a href={href("explore", "", { thing: iri })}>{fill(w.more, total - nodes.length)}</a>}
                  </section>
                ))}
              </div>
            )
          }
        </Loaded>
      )}
    </section>
  );
}
