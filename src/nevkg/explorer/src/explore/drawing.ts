// The elements of the picture, as the graph is now.
import cytoscape, { type Core, type SingularElementArgument } from "cytoscape";
import { bestStanding, STANDING, type Standing } from "../state/standings";
import { SHAPES } from "../ui/shapes";
import type { Edge, Node } from "./data";
import type { Layout } from "./layouts";
import { cut, ink, sizeOf, stylesheet } from "./look";
import { nameApart } from "./names";
import { around, type Point } from "./place";

const HUBS = 24;
const HUB_ROOM = 40; // pixels of width for the name of one
const WORDED = 20; // links, beyond which their words would hide each other
const DASH = 1.3; // pixels of a dash of length 1
const MANY = 600; // elements, beyond which drawing is made simpler

export const LOOKS = ["past", "appeared", "ended"] as const;
export type Look = (typeof LOOKS)[number];

/** What the picture shows, and whom it tells of what is done there. */
export interface Scene {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  /** What is there and not shown now; it keeps its place. */
  readonly off: ReadonlySet<string>;
  /** Links that look different: those of another day, and those that changed between two days. */
  readonly looks: ReadonlyMap<string, Look>;
  readonly path: ReadonlySet<string>;
  readonly parents: ReadonlyMap<string, string>;
  readonly pinned: ReadonlySet<string>;
  readonly shapes: ReadonlyMap<string, number>;
  readonly standings: readonly Standing[];
  readonly layout: Layout;
  readonly chosen: string;
  readonly choose: (name: string) => void;
  readonly open: () => void;
  readonly act: (what: "hide" | "pin" | "grow", name: string) => void;
}

export function begin(container: HTMLDivElement, now: { readonly current: Scene }): Core {
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
    highlight(event.target);
    container.style.cursor = "pointer";
  });
  let due = 0;
  cy.on("viewport free", () => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(() => nameApart(cy));
  });
  cy.on("destroy", () => cancelAnimationFrame(due));
  cy.on("mouseout", "node, edge", () => {
    mark(cy, now.current.chosen);
    container.style.cursor = "";
  });
  return cy;
}

/** Removes and adds elements to match the scene; returns the names of new nodes. */
export function update(cy: Core, { nodes, edges, parents, shapes, standings }: Scene): Set<string> {
  const wanted = new Set([...nodes.map((node) => node.name), ...edges.map((edge) => edge.id)]);
  const links = new Map<string, number>();
  for (const { source, target } of edges) for (const end of [source, target]) links.set(end, (links.get(end) ?? 0) + 1);
  const fresh = nodes.filter((node) => cy.getElementById(node.name).empty()).map((node) => node.name);
  const before = places(cy);
  const spots = around(fresh, findAnchors(fresh, edges, parents, before), before, middle(before));
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
        links: count,
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
    const stands = new Map(edges.map((edge) => [edge.id, bestStanding(standings, [edge.facts[STANDING]])]));
    const supported = [...stands.values()].some(Boolean);
    for (const edge of edges) {
      const stand = stands.get(edge.id);
      const data = { text: edge.relation.label, dashes: stand?.dashes.map((length) => length * DASH) ?? [] };
      const drawn = cy.getElementById(edge.id).nonempty()
        ? cy.getElementById(edge.id).data(data)
        : cy.add({ group: "edges", data: { id: edge.id, source: edge.source, target: edge.target, ...data } });
      drawn.toggleClass("straight", Boolean(straight)).toggleClass("broken", data.dashes.length > 0);
      drawn.toggleClass("unsupported", supported && !stand);
    }
  });
  const ranked = [...links].sort((a, b) => b[1] - a[1]).slice(0, Math.min(HUBS, Math.round(cy.width() / HUB_ROOM)));
  const hubs = new Set(ranked.filter(([, count]) => count > 2).map(([name]) => name));
  cy.nodes().forEach((one) => {
    one.toggleClass("hub", hubs.has(one.id()));
  });
  nameApart(cy);
  return new Set(fresh);
}

/** Returns the node near which to place each new node: the one it was expanded from, or else a neighbour. */
function findAnchors(
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

/** Highlights an element with its neighbours, and returns them. */
function highlight(one: SingularElementArgument) {
  const near = one.isNode() ? one.closedNeighborhood() : one.union(one.connectedNodes());
  near.addClass("told");
  if (near.edges().length <= WORDED) near.edges().addClass("worded");
  return near;
}

/** Marks the selected node or edge with its neighbours. */
export function mark(cy: Core, chosen: string): void {
  cy.batch(() => {
    cy.nodes(".chosen").forEach((node) => {
      node.data("font", node.data("own"));
    });
    cy.elements().removeClass("chosen told worded faint");
    const one = chosen ? cy.getElementById(chosen) : null;
    if (!one || one.empty()) return;
    one.addClass("chosen");
    cy.elements().difference(highlight(one)).addClass("faint");
  });
  nameApart(cy);
}

export function places(cy: Core | null): Map<string, Point> {
  return new Map(cy?.nodes().map((node): [string, Point] => [node.id(), { ...node.position() }]));
}

function middle(at: ReadonlyMap<string, Point>): Point {
  const points = [...at.values()];
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / Math.max(1, points.length);
  return { x: mean((point) => point.x), y: mean((point) => point.y) };
}
