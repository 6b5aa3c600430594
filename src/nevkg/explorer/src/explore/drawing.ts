// Draws a graph with Cytoscape.
import cytoscape, { type Core, type SingularElementArgument } from "cytoscape";
import { bestStanding, STANDING, type Standing } from "../state/standings";
import { SHAPES } from "../ui/shapes";
import type { Edge, Node } from "./data";
import { updateLabels } from "./labels";
import type { Layout } from "./layouts";
import { cut, ink, sizeOf, stylesheet } from "./look";
import { middleOf, type Point, placeAround } from "./positions";

const HUBS = 24;
const HUB_ROOM = 40; // pixels of width for the label of one
const WORDED = 20; // links; labels of more would hide each other
const DASH = 1.3; // pixels of a dash of length 1
const MANY = 600; // links; more are drawn in a simpler way

export const LOOKS = ["past", "appeared", "ended"] as const;
export type Look = (typeof LOOKS)[number];

/** The graph to draw, and the handlers of what a user does in it. */
export interface Scene {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  /** Hidden nodes and links; they keep their positions. */
  readonly off: ReadonlySet<string>;
  /** Looks of links that hold on another day, or that changed between two days. */
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

export function createCanvas(container: HTMLDivElement, scene: { readonly current: Scene }): Core {
  // Cytoscape would add a style element with this id, which the server's policy forbids; its rule is in explore.css.
  const id = "__________cytoscape_stylesheet";
  if (!document.getElementById(id)) document.head.append(Object.assign(document.createElement("meta"), { id }));
  const cy = cytoscape({
    container,
    style: stylesheet(ink()),
    minZoom: 0.05,
    maxZoom: 4,
    boxSelectionEnabled: false,
    autounselectify: true,
    hideEdgesOnViewport: scene.current.edges.length > 2 * MANY,
  });
  cy.on("tap", (event) => scene.current.choose(event.target === cy ? "" : event.target.id()));
  cy.on("dbltap", "node", (event) => scene.current.act("grow", event.target.id()));
  cy.on("mouseover", "node, edge", (event) => {
    highlight(event.target);
    container.style.cursor = "pointer";
  });
  cy.on("viewport free", () => updateLabels(cy));
  cy.on("mouseout", "node, edge", () => {
    markSelected(cy, scene.current.chosen);
    container.style.cursor = "";
  });
  return cy;
}

/** Adds, changes and removes elements to match the scene; returns the names of new nodes. */
export function updateElements(cy: Core, { nodes, edges, parents, shapes, standings }: Scene): Set<string> {
  const wanted = new Set([...nodes.map((node) => node.name), ...edges.map((edge) => edge.id)]);
  const links = new Map<string, number>();
  for (const { source, target } of edges) for (const end of [source, target]) links.set(end, (links.get(end) ?? 0) + 1);
  const fresh = nodes.filter((node) => cy.getElementById(node.name).empty()).map((node) => node.name);
  const positions = positionsOf(cy);
  const placed = placeAround(fresh, findAnchors(fresh, edges, parents, positions), positions, middleOf([...positions.values()]));
  cy.batch(() => {
    cy.elements()
      .filter((element) => !wanted.has(element.id()))
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
        const position = { ...(placed.get(node.name) ?? { x: 0, y: 0 }) };
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
  cy.nodes().forEach((node) => {
    node.toggleClass("hub", hubs.has(node.id()));
  });
  updateLabels(cy);
  return new Set(fresh);
}

/** Returns the node near which to place each new node: the one it was expanded from, or else a neighbour. */
function findAnchors(
  fresh: readonly string[],
  edges: readonly Edge[],
  parents: ReadonlyMap<string, string>,
  positions: ReadonlyMap<string, Point>,
): ReadonlyMap<string, string> {
  const orphans = new Set(fresh.filter((name) => !parents.has(name)));
  const anchors = new Map(parents);
  for (const { source, target } of edges) {
    if (orphans.has(source) && positions.has(target)) anchors.set(source, target);
    if (orphans.has(target) && positions.has(source)) anchors.set(target, source);
  }
  return anchors;
}

function fontOf(links: number): number {
  return Math.round(10.5 + Math.min(5, Math.sqrt(links)));
}

/** Highlights an element with its neighbours, and returns them. */
function highlight(element: SingularElementArgument) {
  const near = element.isNode() ? element.closedNeighborhood() : element.union(element.connectedNodes());
  near.addClass("near");
  if (near.edges().length <= WORDED) near.edges().addClass("worded");
  return near;
}

/** Marks the selected node or edge with its neighbours. */
export function markSelected(cy: Core, chosen: string): void {
  cy.batch(() => {
    cy.nodes(".chosen").forEach((node) => {
      node.data("font", node.data("own"));
    });
    cy.elements().removeClass("chosen near worded faint");
    const selected = chosen ? cy.getElementById(chosen) : null;
    if (!selected || selected.empty()) return;
    selected.addClass("chosen");
    cy.elements().difference(highlight(selected)).addClass("faint");
  });
  updateLabels(cy);
}

export function positionsOf(cy: Core | null): Map<string, Point> {
  return new Map(cy?.nodes().map((node): [string, Point] => [node.id(), { ...node.position() }]));
}
