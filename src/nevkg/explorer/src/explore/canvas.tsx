import cytoscape, { type Core, type LayoutOptions, type NodeCollection, type SingularElementArgument } from "cytoscape";
import fcose from "cytoscape-fcose";
import type { Ref } from "preact";
import { useEffect, useImperativeHandle, useRef } from "preact/hooks";
import { fill, useWords } from "../state/language";
import type { Edge, Node } from "./data";
import { cut, ink, SHAPES, sizeOf, stylesheet } from "./look";
import { around, nextIn, type Point } from "./place";
import { words } from "./words";

cytoscape.use(fcose);

export const LAYOUTS = ["force", "rings", "layers"] as const;
export type Layout = (typeof LAYOUTS)[number];
const HUBS = 12;
const LEGIBLE = 11.5; // pixels
const MANY = 600; // elements, beyond which drawing is made simpler

export interface Picture {
  readonly png: () => Promise<Blob>;
  readonly places: () => ReadonlyMap<string, Point>;
  readonly fit: () => void;
  readonly zoom: (by: number) => void;
  readonly layOut: () => void;
}

interface Props {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  /** What is there and not shown now; it keeps its place. */
  readonly off: ReadonlySet<string>;
  readonly past: ReadonlySet<string>;
  readonly path: ReadonlySet<string>;
  readonly parents: ReadonlyMap<string, string>;
  readonly pinned: ReadonlySet<string>;
  readonly shapes: ReadonlyMap<string, number>;
  readonly layout: Layout;
  readonly chosen: string;
  readonly choose: (name: string) => void;
  readonly open: () => void;
  readonly act: (what: "hide" | "pin" | "grow", name: string) => void;
  readonly picture: Ref<Picture>;
  readonly title: string;
}

/** The picture of a graph. It follows what it is given; what is there stays put. */
export function Canvas(props: Props) {
  const { nodes, edges, off, past, path, pinned, shapes, chosen, layout, picture, title } = props;
  const w = useWords(words);
  const box = useRef<HTMLDivElement>(null);
  const core = useRef<Core | null>(null);
  const now = useRef(props);
  now.current = props;

  useEffect(() => {
    const cy = begin(box.current as HTMLDivElement, now);
    core.current = cy;
    const redraw = () => cy.style(stylesheet(ink()));
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", redraw);
    addEventListener("themechange", redraw);
    let width = cy.width();
    const sized = new ResizeObserver(() => {
      cy.resize();
      if (Math.abs(cy.width() - width) > 1) fit(cy); // as when a panel opens beside it
      width = cy.width();
    });
    sized.observe(box.current as HTMLDivElement);
    return () => {
      sized.disconnect();
      scheme.removeEventListener("change", redraw);
      removeEventListener("themechange", redraw);
      core.current = null;
      cy.destroy();
    };
  }, []);

  const drawn = useRef<Layout | null>(null);
  useEffect(() => {
    const cy = core.current;
    if (!cy) return;
    const fresh = update(cy, now.current);
    const whole = drawn.current === null || drawn.current !== layout || fresh.size === cy.nodes().length;
    drawn.current = layout;
    if (fresh.size || whole) layOut(cy, layout, whole ? null : fresh, pinned);
  }, [nodes, edges, layout, shapes]);

  useEffect(() => {
    core.current?.batch(() => {
      core.current?.elements().forEach((one) => {
        const name = one.id();
        one.toggleClass("off", off.has(name)).toggleClass("past", past.has(name)).toggleClass("path", path.has(name));
        one.toggleClass("pinned", pinned.has(name));
      });
    });
  }, [nodes, edges, off, past, path, pinned]);

  useEffect(() => {
    if (core.current) mark(core.current, chosen);
  }, [nodes, edges, chosen]);

  useImperativeHandle(
    picture,
    () => ({
      png: () =>
        core.current?.png({
          output: "blob-promise",
          full: true,
          scale: 2,
          bg: ink().ground,
          maxWidth: 8000,
          maxHeight: 8000,
        }) as Promise<Blob>,
      places: () => places(core.current),
      fit: () => core.current && fit(core.current),
      zoom: (by) => core.current && zoom(core.current, by),
      layOut: () => core.current && layOut(core.current, now.current.layout, null, now.current.pinned),
    }),
    [],
  );

  const key = (event: KeyboardEvent) => {
    const cy = core.current;
    if (!cy || event.ctrlKey || event.metaKey || event.altKey || !pressed(cy, event.key, now.current)) return;
    event.preventDefault();
  };
  return (
    <div
      class="canvas"
      ref={box}
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: one moves through it by arrow keys
      tabIndex={0}
      aria-label={fill(w.canvas, title, nodes.length, edges.length)}
      aria-describedby="canvas-keys"
      onKeyDown={key}
    />
  );
}

function begin(container: HTMLDivElement, now: { readonly current: Props }): Core {
  // What Cytoscape would put into the head itself, against the policy of the server; the rule is in explore.css.
  const id = "__________cytoscape_stylesheet";
  if (!document.getElementById(id)) document.head.append(Object.assign(document.createElement("meta"), { id }));
  const cy = cytoscape({
    container,
    style: stylesheet(ink()),
    minZoom: 0.05,
    maxZoom: 4,
    boxSelectionEnabled: false,
    autounselectify: true,
    hideEdgesOnViewport: now.current.edges.length > 2 * MANY,
  });
  cy.on("tap", (event) => now.current.choose(event.target === cy ? "" : event.target.id()));
  cy.on("dbltap", "node", (event) => now.current.act("grow", event.target.id()));
  cy.on("mouseover", "node, edge", (event) => {
    nearOf(event.target).addClass("told");
    container.style.cursor = "pointer";
  });
  cy.on("zoom", () => callOut(cy));
  cy.on("mouseout", "node, edge", () => {
    cy.elements(".told").removeClass("told");
    mark(cy, now.current.chosen);
    container.style.cursor = "";
  });
  return cy;
}

/** Takes away what is gone and adds what is new; gives the names of new nodes. */
function update(cy: Core, { nodes, edges, parents, shapes }: Props): Set<string> {
  const wanted = new Set([...nodes.map((node) => node.name), ...edges.map((edge) => edge.id)]);
  const links = new Map<string, number>();
  for (const { source, target } of edges) for (const end of [source, target]) links.set(end, (links.get(end) ?? 0) + 1);
  const fresh = nodes.filter((node) => cy.getElementById(node.name).empty()).map((node) => node.name);
  const before = places(cy);
  const spots = around(fresh, whence(fresh, edges, parents, before), before, middle(before));
  cy.batch(() => {
    cy.elements()
      .filter((one) => !wanted.has(one.id()))
      .remove();
    for (const node of nodes) {
      const count = links.get(node.name) ?? 0;
      const points = SHAPES[shapes.get(node.kind.iri) ?? 0] ?? [];
      const data = {
        text: cut(node.label),
        color: node.color,
        size: sizeOf(count),
        font: fontOf(count),
        own: fontOf(count),
        points: points.join(" "),
      };
      const known = cy.getElementById(node.name);
      if (known.nonempty()) known.data(data).toggleClass("cornered", points.length > 0);
      else {
        const position = { ...(spots.get(node.name) ?? { x: 0, y: 0 }) };
        cy.add({ group: "nodes", data: { id: node.name, ...data }, position, classes: points.length ? "cornered" : "" });
      }
    }
    const straight = edges.length > MANY ? "straight" : "";
    for (const edge of edges) {
      const known = cy.getElementById(edge.id);
      if (known.nonempty()) known.data({ text: edge.relation.label }).toggleClass("straight", Boolean(straight));
      else
        cy.add({
          group: "edges",
          data: { id: edge.id, source: edge.source, target: edge.target, text: edge.relation.label },
          classes: straight,
        });
    }
  });
  const ranked = [...links].sort((a, b) => b[1] - a[1]).slice(0, HUBS);
  const hubs = new Set(ranked.filter(([, count]) => count > 2).map(([name]) => name));
  cy.nodes().forEach((one) => {
    one.toggleClass("hub", hubs.has(one.id()));
  });
  callOut(cy);
  return new Set(fresh);
}

/** The node near which each new one is put: that from which it was reached, or else one that it is linked with. */
function whence(
  fresh: readonly string[],
  edges: readonly Edge[],
  parents: ReadonlyMap<string, string>,
  at: ReadonlyMap<string, Point>,
): ReadonlyMap<string, string> {
  const orphans = new Set(fresh.filter((name) => !parents.has(name)));
  const found = new Map(parents);
  for (const { source, target } of edges) {
    if (orphans.has(source) && at.has(target)) found.set(source, target);
    if (orphans.has(target) && at.has(source)) found.set(target, source);
  }
  return found;
}

function fontOf(links: number): number {
  return Math.round(10.5 + Math.min(5, Math.sqrt(links)));
}

/** Lays out what is fresh around what is there; all of it where `fresh` is null. What is pinned stays either way. */
function layOut(cy: Core, layout: Layout, fresh: ReadonlySet<string> | null, pinned: ReadonlySet<string>): void {
  const count = cy.nodes().length;
  if (!count) return;
  const still: NodeCollection = cy.nodes().filter((node) => (fresh ? !fresh.has(node.id()) : pinned.has(node.id())));
  const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches && count < 300;
  const common = { animate: smooth, animationDuration: 450, animationEasing: "ease-out" as const, fit: false, padding: 40 };
  const options: Readonly<Record<Layout, object>> = {
    force: {
      name: "fcose",
      randomize: fresh === null && still.empty(),
      quality: "default",
      nodeDimensionsIncludeLabels: count < 150,
      nodeRepulsion: 9000,
      idealEdgeLength: 85,
      edgeElasticity: 0.35,
      gravity: 0.3,
      numIter: count > 800 ? 500 : 2000,
      packComponents: false,
      fixedNodeConstraint: still.map((node) => ({ nodeId: node.id(), position: { ...node.position() } })),
    },
    rings: { name: "concentric", concentric: (node: { degree: () => number }) => node.degree(), levelWidth: () => 3, minNodeSpacing: 26 },
    layers: { name: "breadthfirst", spacingFactor: 0.9, avoidOverlap: true, directed: false },
  };
  cy.stop();
  // To fcose a place is the middle of a node and its label together: kept by it alone, nodes would move a little each time.
  (layout === "force" ? still : cy.nodes().filter((node) => pinned.has(node.id()))).lock();
  const run = cy.layout({ ...common, ...options[layout] } as LayoutOptions);
  run.one("layoutstop", () => {
    cy.nodes().unlock();
    fit(cy, smooth);
  });
  run.run();
}

function fit(cy: Core, smooth = false): void {
  const shown = cy.elements().filter((one) => !one.hasClass("off"));
  if (shown.empty()) return;
  if (smooth) cy.animate({ fit: { eles: shown, padding: 40 }, duration: 250, complete: () => within(cy) });
  else {
    cy.fit(shown, 40);
    within(cy);
  }
}

/** Two nodes alone are not blown up. */
function within(cy: Core): void {
  if (cy.zoom() <= 1.5) return;
  cy.zoom(1.5);
  cy.center();
}

function zoom(cy: Core, by: number): void {
  cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
}

/** Of a large graph seen from afar the best linked nodes keep a legible name. */
function callOut(cy: Core): void {
  const font = Math.round(LEGIBLE / cy.zoom());
  cy.batch(() => {
    cy.nodes(".hub").forEach((node) => {
      node.data("font", Math.max(node.data("own"), font));
    });
  });
}

function nearOf(one: SingularElementArgument) {
  return one.isNode() ? one.closedNeighborhood() : one.union(one.connectedNodes());
}

/** The chosen node or edge, with what is next to it. */
function mark(cy: Core, chosen: string): void {
  cy.batch(() => {
    cy.elements().removeClass("chosen told faint");
    const one = chosen ? cy.getElementById(chosen) : null;
    if (!one || one.empty()) return;
    one.addClass("chosen");
    const near = nearOf(one);
    near.addClass("told");
    cy.elements().difference(near).addClass("faint");
  });
}

function places(cy: Core | null): Map<string, Point> {
  return new Map(cy?.nodes().map((node): [string, Point] => [node.id(), { ...node.position() }]));
}

function middle(at: ReadonlyMap<string, Point>): Point {
  const points = [...at.values()];
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / Math.max(1, points.length);
  return { x: mean((point) => point.x), y: mean((point) => point.y) };
}

function pressed(cy: Core, key: string, { chosen, off, nodes, choose, open, act }: Props): boolean {
  const node = nodes.some((one) => one.name === chosen) ? chosen : "";
  if (key.startsWith("Arrow")) {
    const at = places(cy);
    for (const name of off) at.delete(name);
    const first = () => [...at.keys()].sort((a, b) => cy.getElementById(b).degree(false) - cy.getElementById(a).degree(false))[0] ?? null;
    const next = node ? nextIn(key, node, at) : first();
    if (!next) return true;
    choose(next);
    const seen = cy.getElementById(next).renderedBoundingBox({ includeLabels: false });
    if (seen.x1 < 0 || seen.y1 < 0 || seen.x2 > cy.width() || seen.y2 > cy.height()) cy.center(cy.getElementById(next));
    return true;
  }
  const keys: Readonly<Record<string, () => void>> = {
    Enter: () => chosen && open(),
    Escape: () => choose(""),
    Delete: () => node && act("hide", node),
    e: () => node && act("grow", node),
    p: () => node && act("pin", node),
    "+": () => zoom(cy, 1.25),
    "-": () => zoom(cy, 0.8),
    "0": () => fit(cy),
  };
  keys[key]?.();
  return key in keys;
}
