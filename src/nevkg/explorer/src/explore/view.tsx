import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { fill, number, useLanguage, useWords } from "../state/language";
import { AS_OF, set, useRoute } from "../state/route";
import { bestStanding, STANDING, useStandings } from "../state/standings";
import { AGAINST } from "../ui/changes";
import { dayOf, isoOf } from "../ui/dates";
import { lazy } from "../ui/lazy";
import { Empty } from "../ui/loaded";
import { StandingLegend } from "../ui/standing";
import type { Picture } from "./canvas";
import { ChangedLinks, changesOf } from "./changes";
import { short } from "./data";
import type { Look } from "./drawing";
import { EdgePanel } from "./edge-panel";
import { countKinds, countSources, daysOf, filtered, holds } from "./filter";
import type { Graph } from "./graph";
import type { Layout } from "./layouts";
import { Legend } from "./legend";
import { List } from "./list";
import { ink, onGround } from "./look";
import { type Actions, NodePanel } from "./node-panel";
import { Save } from "./save";
import { IS_STANDALONE } from "./standalone";
import { NEAREST } from "./steps";
import { ALWAYS, Says, When } from "./when";
import { words } from "./words";
import { Zoom } from "./zoom-buttons";
import "./explore.css";

const Canvas = lazy(() => import("./canvas").then((module) => module.Canvas));
const MOST_DRAWN = 5000; // nodes; more are a cloud, and keep the browser busy for minutes
const LAYOUTS: readonly Layout[] = ["force", "rings", "layers"];

interface Props {
  readonly graph: Graph;
  readonly title: string;
  readonly shapes: ReadonlyMap<string, number>;
  readonly actions: Actions | null;
  readonly tools?: ComponentChildren;
  /** What else there is to say beside the picture. */
  readonly paths?: ComponentChildren;
}

/** A graph as a picture and in words, with what narrows it; all of it stands in the address. */
export function GraphView({ graph, title, shapes, actions, tools, paths }: Props) {
  const w = useWords(words);
  const tongue = useLanguage();
  const { params } = useRoute();
  const dark = useDark();
  const paint = (color: string) => onGround(color, dark);
  const picture = useRef<Picture>(null);
  const [pinned, setPinned] = useState<ReadonlySet<string>>(new Set());

  const chosen = params.get("chosen") ?? "";
  const isAlways = params.has(ALWAYS);
  const day = isAlways ? null : (params.get(AS_OF) ?? graph.asOf);
  const other = dayOf(params.get(AGAINST) ?? "");
  const against = isAlways || other === null ? null : isoOf(other);
  const says = params.get("says") ?? "";
  const without = params.getAll("without").join(" ");
  const layout = LAYOUTS.find((one) => one === params.get("layout")) ?? "force";

  const nodes = useMemo(() => [...graph.nodes.values()], [graph]);
  const edges = useMemo(
    () => [...graph.edges.values()].filter((edge) => graph.nodes.has(edge.source) && graph.nodes.has(edge.target)),
    [graph],
  );
  const isDrawn = nodes.length <= MOST_DRAWN;
  const hidden = useMemo(() => new Set(without.split(" ").filter(Boolean)), [without]);
  const counts = useMemo(() => countKinds(nodes), [nodes]);
  const shown = useMemo(() => {
    const kinds = new Set(counts.map(({ kind }) => kind.iri).filter((iri) => hidden.has(short(iri))));
    return filtered(graph, { days: day === null ? null : [day, ...(against === null ? [] : [against])], kinds, source: says });
  }, [graph, counts, hidden, day, against, says]);
  const off = useMemo(() => {
    const seen = new Set([...shown.nodes.map((node) => node.name), ...shown.edges.map((edge) => edge.id)]);
    return new Set([...nodes.map((node) => node.name), ...edges.map((edge) => edge.id)].filter((name) => !seen.has(name)));
  }, [nodes, edges, shown]);
  const changes = useMemo(
    () => (day === null || against === null ? null : changesOf(shown.edges, day < against ? [day, against] : [against, day])),
    [shown, day, against],
  );
  const looks = useMemo(
    () =>
      new Map(
        edges.flatMap((edge): [string, Look][] => {
          const change = changes?.get(edge.id);
          if (change === "appeared" || change === "ended") return [[edge.id, change]];
          return !changes && !holds(edge, graph.asOf) ? [[edge.id, "past"]] : [];
        }),
      ),
    [edges, graph, changes],
  );
  const links = useMemo(() => {
    const found = new Map<string, number>();
    for (const { source, target } of shown.edges) for (const end of [source, target]) found.set(end, (found.get(end) ?? 0) + 1);
    return found;
  }, [shown]);

  const standings = useStandings();
  const stands = useMemo(() => new Set(shown.edges.map((edge) => bestStanding(standings, [edge.facts[STANDING]]))), [shown, standings]);

  const [node, edge] = [graph.nodes.get(chosen), graph.edges.get(chosen)];
  const sides = ["details", "list", ...(paths ? ["paths" as const] : [])] as ("details" | "list" | "paths")[];
  const side = sides.find((one) => one === params.get("side")) ?? (node || edge ? "details" : "list");
  const choose = (name: string) => set({ chosen: name || null, side: null }, true);
  const open = () => document.getElementById("chosen-title")?.focus();
  const pin = (name: string) =>
    setPinned((before) => new Set(before.has(name) ? [...before].filter((one) => one !== name) : [...before, name]));
  const act = (what: "hide" | "pin" | "grow", name: string) => {
    if (what === "pin") pin(name);
    else if (what === "hide") actions?.hide(name);
    else actions?.grow(name, "*", NEAREST);
  };
  const props = { graph, edges: shown.edges, shapes, paint, choose, actions, pinned, pin };

  return (
    <div class="graph">
      <div class="controls">
        {tools}
        {isDrawn && (
          <>
            <label>
              <span class="unseen">{w.layout}</span>
              <select
                value={layout}
                onChange={(event) => set({ layout: event.currentTarget.value === "force" ? null : event.currentTarget.value })}
              >
                {LAYOUTS.map((one) => (
                  <option key={one} value={one}>
                    {w.layouts[one]}
                  </option>
                ))}
              </select>
            </label>
            <button type="button" onClick={() => picture.current?.layOut()}>
              {w.again}
            </button>
          </>
        )}
        <Says counts={countSources(graph)} sources={graph.sources} chosen={says} />
        <Save
          picture={picture}
          isDrawn={isDrawn}
          file={() => ({
            title,
            about: [day ? fill(w.stand, day) : w.always, ...(IS_STANDALONE ? [] : [location.href])].join(". "),
            ...shown,
            shapes,
            standings,
          })}
        />
        <p class="quiet" role="status">
          {fill(w.nodes, number(shown.nodes.length, tongue), number(shown.edges.length, tongue))}
        </p>
      </div>
      <div class="stage">
        <div class="drawing">
          {isDrawn ? (
            <>
              <Canvas
                {...{ nodes, edges, off, looks, pinned, shapes, standings, layout, chosen, choose, open, act, title }}
                path={graph.onPath}
                parents={graph.parents}
                picture={picture}
              />
              {nodes.length > 0 && shown.nodes.length === 0 && (
                <div class="over">
                  <Empty>
                    {w.off}{" "}
                    <button type="button" class="plain" onClick={() => set({ [ALWAYS]: "true", [AS_OF]: null, without: null, says: null })}>
                      {w.reset}
                    </button>
                  </Empty>
                </div>
              )}
              <Zoom picture={picture} />
            </>
          ) : (
            <div class="over">
              <Empty>{fill(w.tooMany, number(nodes.length, tongue), number(MOST_DRAWN, tongue))}</Empty>
            </div>
          )}
        </div>
        <aside class="side" aria-label={w.side}>
          <nav class="views" aria-label={w.side}>
            {sides.map((one) => (
              <button key={one} type="button" aria-pressed={one === side} onClick={() => set({ side: one }, true)}>
                {w.sides[one]}
              </button>
            ))}
          </nav>
          <div class="content">
            {side === "list" && <List {...{ nodes: shown.nodes, links, chosen, shapes, paint, choose }} />}
            {side === "paths" && paths}
            {side === "details" &&
              (node ? (
                <NodePanel key={node.name} node={node} {...props} />
              ) : edge ? (
                <EdgePanel key={edge.id} edge={edge} {...props} />
              ) : (
                <p class="quiet">{w.nothing}</p>
              ))}
          </div>
        </aside>
      </div>
      <Legend counts={counts} hidden={hidden} shapes={shapes} paint={paint} />
      <StandingLegend
        label={fill(w.standing, graph.asOf)}
        standings={standings.filter((one) => stands.has(one))}
        none={stands.has(undefined) ? w.unsupported : ""}
      />
      <When days={daysOf(graph)} isAlways={isAlways} against={against === null ? null : other} asOf={graph.asOf} />
      {changes && <ChangedLinks {...{ graph, edges: shown.edges, changes, choose }} />}
      <p id="canvas-keys" class="quiet keys">
        {w.keys}
      </p>
    </div>
  );
}

/** Whether the ground is dark now. */
function useDark(): boolean {
  const [dark, set] = useState(() => ink().dark);
  useEffect(() => {
    const look = () => set(ink().dark);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", look);
    addEventListener("themechange", look);
    return () => {
      scheme.removeEventListener("change", look);
      removeEventListener("themechange", look);
    };
  }, []);
  return dark;
}
