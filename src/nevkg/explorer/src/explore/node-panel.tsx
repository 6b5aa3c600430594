import { useCallback } from "preact/hooks";
import { useLoading } from "../api/use";
import { fill, useLanguage, useWords } from "../state/language";
import { href } from "../state/route";
import { entityAddress, hasPage } from "../thing/address";
import { words as thingWords } from "../thing/words";
import { traceAddress } from "../trace/address";
import { plainPageAddress } from "../trace/plain-page";
import { Loaded } from "../ui/loaded";
import { type Edge, type Node, short } from "./data";
import { FactList, IriLink } from "./facts";
import { countNeighbours, findLeaves, type Graph } from "./graph";
import { ClassMark } from "./legend";
import { loadNeighbours } from "./load";
import { IS_STANDALONE } from "./standalone";
import { ANY, NEIGHBOUR_COUNT } from "./steps";
import { words } from "./words";

/** Actions on a node. The graph of an answer has none, since it does not grow. */
export interface Actions {
  readonly grow: (name: string, kind: string, count: number) => void;
  readonly fold: (name: string) => void;
  readonly hide: (name: string) => void;
}

interface Props {
  readonly graph: Graph;
  readonly edges: readonly Edge[]; // visible edges
  readonly shapes: ReadonlyMap<string, number>;
  readonly paint: (color: string) => string;
  readonly choose: (name: string) => void;
  readonly actions: Actions | null;
  readonly pinned: ReadonlySet<string>;
  readonly pin: (name: string) => void;
}

/** The details of a node: its class, links and actions. */
export function NodePanel({ node, ...props }: Props & { readonly node: Node }) {
  const { graph, edges, shapes, paint, choose, actions, pinned, pin } = props;
  const w = useWords(words);
  const t = useWords(thingWords);
  const lang = useLanguage();
  const ownEdges = edges.filter((edge) => edge.source === node.name || edge.target === node.name);
  const leafCount = actions ? findLeaves(graph, node.name).length : 0;
  return (
    <>
      <p class="kind">
        <ClassMark color={paint(node.color)} shape={shapes.get(node.kind.iri) ?? 0} /> {node.kind.label}
      </p>
      <h2 id="selection-title" tabIndex={-1}>
        <bdi>{node.label}</bdi>
      </h2>
      {node.iri && IS_STANDALONE && <IriLink iri={node.iri} />}
      {node.iri && !IS_STANDALONE && (
        <p class="onward">
          {hasPage(node.iri) && <a href={entityAddress(node.iri)}>{fill(t.page, node.label)}</a>}
          <a href={traceAddress([node.iri])}>{w.trace}</a>
          <a href={plainPageAddress(node.iri, lang)}>{w.page}</a>
          <a href={href("explore", "", { thing: node.iri })}>{actions ? w.startOver : w.explore}</a>
        </p>
      )}
      <p class="actions">
        {actions && (
          <>
            <button type="button" class="primary" onClick={() => actions.grow(node.name, ANY, NEIGHBOUR_COUNT)}>
              {w.growAll}
            </button>
            <button type="button" disabled={!leafCount} onClick={() => actions.fold(node.name)}>
              {leafCount ? fill(w.foldCount, leafCount) : w.fold}
            </button>
            <button type="button" onClick={() => actions.hide(node.name)}>
              {w.hide}
            </button>
          </>
        )}
        <button type="button" aria-pressed={pinned.has(node.name)} onClick={() => pin(node.name)}>
          {pinned.has(node.name) ? w.unpin : w.pin}
        </button>
      </p>
      {actions && <Neighbours node={node} {...props} actions={actions} />}
      <FactList facts={node.facts} />
      {ownEdges.length > 0 && (
        <section>
          <h3>
            {w.links} <span class="count">{ownEdges.length}</span>
          </h3>
          <ul class="links">
            {ownEdges.map((edge) => {
              const other = graph.nodes.get(edge.source === node.name ? edge.target : edge.source);
              return (
                <li key={edge.id}>
                  <button type="button" class="plain" onClick={() => choose(edge.id)}>
                    <span aria-hidden="true">{edge.source === node.name ? "→" : "←"}</span> {edge.relation.label}
                  </button>{" "}
                  <button type="button" class="plain" onClick={() => choose(other?.name ?? "")}>
                    <bdi>{other?.label}</bdi>
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
      )}
    </>
  );
}

/** The classes of the neighbours of a node, each with its number of neighbours and a button that adds more of them. */
function Neighbours({ node, graph, shapes, paint, actions }: Props & { readonly node: Node; readonly actions: Actions }) {
  const w = useWords(words);
  const lang = useLanguage();
  const loading = useLoading(useCallback(() => loadNeighbours(node.name, lang), [node.name, lang]));
  return (
    <section>
      <h3>{w.neighbours}</h3>
      <Loaded of={loading}>
        {(part) => (
          <ul class="neighbours">
            {countNeighbours(graph, part).map(({ kind, color, total, shown, hidden }) => {
              const next = Math.min(NEIGHBOUR_COUNT, total - shown - hidden);
              return (
                <li key={kind.iri}>
                  <ClassMark color={paint(color)} shape={shapes.get(kind.iri) ?? 0} />
                  <span>
                    {fill(w.neighbourCounts, total, kind.label, shown)}
                    {hidden > 0 && fill(w.neighboursHidden, hidden)}
                  </span>
                  {next > 0 && (
                    <button
                      type="button"
                      class="small"
                      aria-label={fill(w.growKind, next, kind.label)}
                      onClick={() => actions.grow(node.name, short(kind.iri), NEIGHBOUR_COUNT)}
                    >
                      +{next}
                    </button>
                  )}
                </li>
              );
            })}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
