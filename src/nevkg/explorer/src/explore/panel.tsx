// The details of the selected node or link.
import { type ComponentChildren, createContext } from "preact";
import { useCallback, useContext } from "preact/hooks";
import { useLoading } from "../api/requests";
import { entityAddress, hasPage, pageOf, traceAddress } from "../state/address";
import { fill, useLanguage, useWords } from "../state/language";
import { href } from "../state/route";
import { Loaded } from "../ui/loading";
import { ArchiveLink, asText, ExternalLink, isWeb, sourceNote, UnreliableMark } from "../ui/values";
import { type Edge, type Facts, IS_STANDALONE, type Node, type Spell, short } from "./data";
import { countNeighbours, findLeaves, type Graph } from "./graph";
import { ClassMark } from "./list";
import { loadNeighbours } from "./load";
import { ANY, NEIGHBOUR_COUNT } from "./steps";
import { words } from "./words";

/** The labels of the attributes of nodes and links, by name. */
export const FactNames = createContext<Readonly<Record<string, string>>>({});

/** Returns a function that returns the label of an attribute, or its name with spaces if it has no label. */
function useFactNames(): (name: string) => string {
  const labels: Readonly<Record<string, string>> = { ...useWords(words).attributes, ...useContext(FactNames) };
  return (name) => labels[name] ?? name.replaceAll("_", " ");
}

/** The period in which a link holds. */
export function Period({ spell: { from, until } }: { spell: Spell }) {
  const w = useWords(words);
  if (from && until) return <>{fill(w.between, from, until)}</>;
  return <>{from ? fill(w.since, from) : until ? fill(w.until, until) : w.undated}</>;
}

/** The attributes of a node or a link. */
function FactList({ facts }: { facts: Facts }) {
  const w = useWords(words);
  const lang = useLanguage();
  const labelOf = useFactNames();
  const entries = Object.entries(facts);
  if (!entries.length) return null;
  return (
    <Section title={w.facts}>
      <dl>
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{labelOf(name)}</dt>
            <dd>
              <bdi>{asText(value, lang)}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** The IRI of an entity or a statement, as a link; for the standalone file, in which it has no page. */
function IriLink({ iri, label }: { iri: string; label?: string }) {
  return (
    <p class="name">
      {label && `${label}: `}
      <ExternalLink address={iri}>{iri}</ExternalLink>
    </p>
  );
}

/** Actions on a node. The graph of an answer has none, since it does not grow. */
export interface Actions {
  readonly grow: (name: string, kind: string, count: number) => void;
  readonly fold: (name: string) => void;
  readonly hide: (name: string) => void;
}

interface NodePanelProps {
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
export function NodePanel({ node, ...props }: NodePanelProps & { readonly node: Node }) {
  const { graph, edges, shapes, paint, choose, actions, pinned, pin } = props;
  const w = useWords(words);
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
          {hasPage(node.iri) && <a href={entityAddress(node.iri)}>{fill(w.pageOf, node.label)}</a>}
          <a href={traceAddress([node.iri])}>{w.evidence}</a>
          <a href={pageOf(node.iri, lang)}>{w.detailsPage}</a>
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
function Neighbours({ node, graph, shapes, paint, actions }: NodePanelProps & { readonly node: Node; readonly actions: Actions }) {
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

interface EdgePanelProps {
  readonly edge: Edge;
  readonly graph: Graph;
  readonly choose: (name: string) => void;
}

/** The details of a link: its ends, periods, attributes and sources. */
export function EdgePanel({ edge, graph, choose }: EdgePanelProps) {
  const w = useWords(words);
  const lang = useLanguage();
  const end = (name: string) => (
    <button type="button" class="plain" onClick={() => choose(name)}>
      <bdi>{graph.nodes.get(name)?.label ?? name}</bdi>
    </button>
  );
  // Without evidence of its own, a link leads to the evidence of its source node.
  const traced = edge.evidence.length ? edge.evidence : [graph.nodes.get(edge.source)?.iri ?? ""].filter(Boolean);
  return (
    <>
      <p class="kind">{w.link}</p>
      <h2 id="selection-title" tabIndex={-1}>
        {edge.relation.label}
      </h2>
      <p class="ends">
        {end(edge.source)} <span aria-hidden="true">→</span> {end(edge.target)}
      </p>
      {IS_STANDALONE && edge.evidence.map((iri) => <IriLink key={iri} iri={iri} label={w.evidence} />)}
      {!IS_STANDALONE && traced.length > 0 && (
        <p class="onward">
          <a href={traceAddress(traced)}>{w.evidence}</a>
          {isWeb(edge.relation.iri) && <a href={pageOf(edge.relation.iri, lang)}>{w.detailsPage}</a>}
        </p>
      )}
      <Section title={w.spells}>
        {edge.spells.length ? (
          <ul>
            {edge.spells.map((spell) => (
              <li key={`${spell.from} ${spell.until}`}>
                <Period spell={spell} />
              </li>
            ))}
          </ul>
        ) : (
          <p class="quiet">{w.undated}</p>
        )}
      </Section>
      <FactList facts={edge.facts} />
      <Section title={w.sources}>
        {edge.sources.length ? (
          <ul>
            {edge.sources.map((iri) => {
              const source = graph.sources.get(iri);
              return (
                <li key={iri}>
                  <ExternalLink address={source?.address ?? ""}>{source?.title || source?.publisher || iri}</ExternalLink>{" "}
                  <span class="quiet">{source && sourceNote(source, lang)}</span> {source && <UnreliableMark source={source} />}{" "}
                  {source && <ArchiveLink source={source} />}
                </li>
              );
            })}
          </ul>
        ) : (
          <p class="quiet">{w.noSource}</p>
        )}
      </Section>
    </>
  );
}
