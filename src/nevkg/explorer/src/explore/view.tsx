import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useDataset } from "../state/dataset";
import { fill, number, useLanguage, useWords } from "../state/language";
import { AS_OF, set, useRoute } from "../state/route";
import { bestStanding, STANDING, useStandings } from "../state/standings";
import { AGAINST } from "../ui/changes";
import { Choice } from "../ui/controls";
import { dayOf, isoOf } from "../ui/dates";
import { StandingLegend } from "../ui/legend";
import { Empty, lazy } from "../ui/loading";
import { describePopulation } from "../ui/population";
import { onThemeChange } from "../ui/theme";
import type { Picture } from "./canvas";
import { ALWAYS, ChangedLinks, changesOf, DayControl, ExportMenu, SourceFilter, ZoomButtons } from "./controls";
import { countLinks, IS_STANDALONE, type Part, short } from "./data";
import type { EdgeState } from "./edge-states";
import {
  changeDays,
  countDrawn,
  countKinds,
  countSources,
  type FilteredGraph,
  filterGraph,
  findVisibleEdges,
  type Graph,
  holds,
} from "./graph";
import type { Layout } from "./layout";
import { Legend, NodeList } from "./list";
import { type Actions, EdgePanel, NodePanel } from "./panel";
import { ANY, NEIGHBOUR_COUNT } from "./steps";
import { readColors, themeColor } from "./style";
import { words } from "./words";
import "./explore.css";

const Canvas = lazy(() => import("./canvas").then((module) => module.Canvas));
const MAX_NODES = 5000; // a picture of more is illegible, and its layout takes minutes
const LAYOUTS: readonly Layout[] = ["force", "rings", "layers"];

interface Props {
  readonly graph: Graph;
  readonly title: string;
  readonly shapes: ReadonlyMap<string, number>;
  readonly actions: Actions | null;
  /** The neighbours of the entities that have been expanded; undefined while they load. */
  readonly around?: readonly (Part | undefined)[];
  readonly tools?: ComponentChildren;
  /** The contents of the panel for paths, if there is one. */
  readonly paths?: ComponentChildren;
}

/** A graph as a picture and a list, with filters. Its state is in the address, except pinned nodes. */
export function GraphView({ graph, title, shapes, actions, around = [], tools, paths }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const isDark = useIsDark();
  const paint = (color: string) => themeColor(color, isDark);
  const picture = useRef<Picture>(null);
  const [pinned, setPinned] = useState<ReadonlySet<string>>(new Set());

  const selected = params.get("chosen") ?? "";
  const isAlways = params.has(ALWAYS);
  const day = isAlways ? null : (params.get(AS_OF) ?? graph.asOf);
  const against = isAlways ? null : dayOf(params.get(AGAINST) ?? "");
  const otherDay = against === null ? null : isoOf(against);
  const source = params.get("says") ?? "";
  const hiddenNames = params.getAll("without").join(" ");
  const layout = LAYOUTS.find((name) => name === params.get("layout")) ?? "force";

  const nodes = useMemo(() => [...graph.nodes.values()], [graph]);
  const edges = useMemo(() => findVisibleEdges(graph), [graph]);
  const isDrawn = nodes.length <= MAX_NODES;
  const hidden = useMemo(() => new Set(hiddenNames.split(" ").filter(Boolean)), [hiddenNames]);
  const counts = useMemo(() => countKinds(nodes), [nodes]);
  const days = useMemo(() => (day === null ? null : [day, ...(otherDay === null ? [] : [otherDay])]), [day, otherDay]);
  const visible = useMemo(() => {
    const hiddenKinds = new Set(counts.map(({ kind }) => kind.iri).filter((iri) => hidden.has(short(iri))));
    return filterGraph(graph, { days, hiddenKinds, source });
  }, [graph, counts, hidden, days, source]);
  const off = useMemo(() => {
    const visibleNames = new Set([...visible.nodes.map((node) => node.name), ...visible.edges.map((edge) => edge.id)]);
    return new Set([...nodes.map((node) => node.name), ...edges.map((edge) => edge.id)].filter((name) => !visibleNames.has(name)));
  }, [nodes, edges, visible]);
  const changes = useMemo(
    () => (day === null || otherDay === null ? null : changesOf(visible.edges, day < otherDay ? [day, otherDay] : [otherDay, day])),
    [visible, day, otherDay],
  );
  const edgeStates = useMemo(
    () =>
      new Map(
        edges.flatMap((edge): [string, EdgeState][] => {
          const change = changes?.get(edge.id);
          if (change === "appeared" || change === "ended") return [[edge.id, change]];
          return !changes && !holds(edge, graph.asOf) ? [[edge.id, "past"]] : [];
        }),
      ),
    [edges, graph, changes],
  );
  const links = useMemo(() => countLinks(visible.edges), [visible]);

  const standings = useStandings();
  const visibleStandings = useMemo(
    () => new Set(visible.edges.map((edge) => bestStanding(standings, [edge.facts[STANDING]]))),
    [visible, standings],
  );

  const population = useMemo(() => {
    const withStanding = visible.edges.map((edge) => bestStanding(standings, [edge.facts[STANDING]]));
    return describePopulation(standings, withStanding, [], lang, w.linksDrawn);
  }, [visible, standings, lang, w]);
  const dataset = useDataset();
  const dayText = day === null ? w.allDates : otherDay === null ? fill(w.asOfDay, day) : fill(w.between, ...[day, otherDay].sort());
  const citation = dataset ? [fill(w.citation, dataset.title, dataset.version, dataset.date)] : [];
  const address = IS_STANDALONE ? [] : [location.href];

  const [node, edge] = [graph.nodes.get(selected), graph.edges.get(selected)];
  const sides = ["details", "list", ...(paths ? ["paths" as const] : [])] as ("details" | "list" | "paths")[];
  const side = sides.find((name) => name === params.get("side")) ?? (node || edge ? "details" : "list");
  const choose = (name: string) => set({ chosen: name || null, side: null }, true);
  const open = () => document.getElementById("selection-title")?.focus();
  const pin = (name: string) =>
    setPinned((before) => new Set(before.has(name) ? [...before].filter((other) => other !== name) : [...before, name]));
  const act = (action: "hide" | "pin" | "grow", name: string) => {
    if (action === "pin") pin(name);
    else if (action === "hide") actions?.hide(name);
    else actions?.grow(name, ANY, NEIGHBOUR_COUNT);
  };
  const panelProps = { graph, edges: visible.edges, shapes, paint, choose, actions, pinned, pin };

  return (
    <div class="graph">
      <div class="controls">
        {tools}
        {isDrawn && (
          <>
            <Choice
              label={w.layout}
              value={layout}
              options={LAYOUTS.map((name) => [name, w.layouts[name]])}
              choose={(name) => set({ layout: name === "force" ? null : name })}
              hidden
            />
            <button type="button" onClick={() => picture.current?.layOut()}>
              {w.runLayout}
            </button>
          </>
        )}
        <SourceFilter counts={countSources(graph)} sources={graph.sources} selected={source} />
        <ExportMenu
          picture={picture}
          isDrawn={isDrawn}
          day={day}
          getGraph={() => ({
            title,
            description: [dayText, ...address].join(". "),
            about: [dayText, population].filter(Boolean),
            from: [...(graph.sources.size ? [fill(w.sourceCount, number(graph.sources.size, lang))] : []), ...citation, ...address],
            ...visible,
            shapes,
            standings,
            edgeStates,
          })}
        />
        <p class="quiet" role="status">
          {fill(w.nodes, number(visible.nodes.length, lang), number(visible.edges.length, lang))}
          {population && ` · ${population}`}
        </p>
        {actions && around.map((part) => part && <Drawn key={part.nodes[0]?.name} {...{ part, visible, days, actions }} />)}
      </div>
      <div class="stage">
        <div class="drawing">
          {isDrawn ? (
            <>
              <Canvas
                {...{ nodes, edges, off, edgeStates, pinned, shapes, standings, layout, selected, choose, open, act, title }}
                path={graph.onPath}
                parents={graph.parents}
                picture={picture}
              />
              {nodes.length > 0 && visible.nodes.length === 0 && (
                <div class="overlay">
                  <Empty>
                    {w.allFiltered}{" "}
                    <button type="button" class="plain" onClick={() => set({ [ALWAYS]: "true", [AS_OF]: null, without: null, says: null })}>
                      {w.reset}
                    </button>
                  </Empty>
                </div>
              )}
              <ZoomButtons picture={picture} />
            </>
          ) : (
            <div class="overlay">
              <Empty>{fill(w.tooMany, number(nodes.length, lang), number(MAX_NODES, lang))}</Empty>
            </div>
          )}
        </div>
        <aside class="side" aria-label={w.side}>
          <nav class="views" aria-label={w.side}>
            {sides.map((name) => (
              <button key={name} type="button" aria-pressed={name === side} onClick={() => set({ side: name }, true)}>
                {w.sides[name]}
              </button>
            ))}
          </nav>
          <div class="content">
            {side === "list" && <NodeList {...{ nodes: visible.nodes, links, selected, shapes, paint, choose }} />}
            {side === "paths" && paths}
            {side === "details" &&
              (node ? (
                <NodePanel key={node.name} node={node} {...panelProps} />
              ) : edge ? (
                <EdgePanel key={edge.id} edge={edge} {...panelProps} />
              ) : (
                <p class="quiet">{w.noSelection}</p>
              ))}
          </div>
        </aside>
      </div>
      <Legend counts={counts} hidden={hidden} shapes={shapes} paint={paint} />
      <StandingLegend
        label={fill(w.standing, graph.asOf)}
        standings={standings.filter((standing) => visibleStandings.has(standing))}
        none={visibleStandings.has(undefined) ? w.unsupported : ""}
      />
      <DayControl days={changeDays(graph)} isAlways={isAlways} against={against} asOf={graph.asOf} />
      {changes && <ChangedLinks {...{ graph, edges: visible.edges, changes, choose }} />}
      <p id="canvas-keys" class="quiet keys">
        {w.keys}
      </p>
    </div>
  );
}

interface DrawnProps {
  readonly part: Part;
  readonly visible: FilteredGraph;
  readonly days: readonly string[] | null;
  readonly actions: Actions;
}

/** How many neighbours of an entity are drawn, for each class with more, and a button that adds some. */
function Drawn({ part, visible, days, actions }: DrawnProps) {
  const w = useWords(words);
  const lang = useLanguage();
  const drawn = useMemo(() => new Set(visible.nodes.map(({ name }) => name)), [visible]);
  const counts = useMemo(() => countDrawn(part, drawn, days), [part, drawn, days]);
  const [own] = part.nodes;
  const more = counts.filter(({ shown, total }) => shown < total);
  if (!own || !drawn.has(own.name) || !more.length) return null;
  const parts = more.map(({ kind, total, shown }) => fill(w.drawnOf, kind.label, number(shown, lang), number(total, lang)));
  return (
    <p class="quiet drawn">
      {fill(w.drawnAround, own.label, parts.join(w.comma))}{" "}
      <button type="button" class="plain" onClick={() => actions.grow(own.name, ANY, NEIGHBOUR_COUNT)}>
        {w.growMore}
      </button>
    </p>
  );
}

/** Returns whether the page has a dark background. */
function useIsDark(): boolean {
  const [isDark, setIsDark] = useState(() => readColors().isDark);
  useEffect(() => onThemeChange(() => setIsDark(readColors().isDark)), []);
  return isDark;
}
