// Draws a graph with Cytoscape, and chooses the labels that are shown, so that none covers another.
import cytoscape, { type Core, type NodeSingular, type SingularElementArgument } from "cytoscape";
import { bestStanding, STANDING, type Standing } from "../state/standings";
import { SHAPES } from "../ui/legend";
import { countLinks, type Edge, type Node } from "./data";
import type { EdgeState } from "./edge-states";
import { type Layout, middleOf, type Point, placeAround } from "./layout";
import { type Box, overlap, Space } from "./space";
import { createStylesheet, MIN_SIZE, readColors, sizeOf, wrapLabel } from "./style";

const LEGIBLE = 11.5; // pixels
const CROWD = 150; // nodes; a layout of fewer has room for their labels

const frames = new WeakMap<Core, number>();

/** Chooses the labels again before the next frame. */
export function updateLabels(cy: Core): void {
  cancelAnimationFrame(frames.get(cy) ?? 0);
  const frame = requestAnimationFrame(() => !cy.destroyed() && chooseLabels(cy));
  frames.set(cy, frame);
}

/** Labels of the selected node and of those with most links come first, legible at any zoom; then others, where there is room. */
function chooseLabels(cy: Core): void {
  const [zoom, view] = [cy.zoom(), cy.extent()];
  const space = new Space();
  const nodes = cy.nodes().not(".off");
  if (nodes.length > CROWD)
    nodes.forEach((node) => {
      space.occupy(bodyOf(node), node.id());
    });
  const isVisible = (node: NodeSingular) => node.data("own") * zoom >= MIN_SIZE && overlap(node.boundingBox(), view);
  const chosen = nodes.filter((node) => node.is(".hub, .selected, .called") || isVisible(node as NodeSingular));
  nodes.difference(chosen).addClass("unnamed"); // Cytoscape would draw some of them smaller than its minimum.
  chosen
    .sort((a, b) => rank(b) - rank(a))
    .forEach((node) => {
      const isCalled = node.is(".hub, .selected");
      const font = isCalled ? Math.max(node.data("own"), Math.round(LEGIBLE / zoom)) : node.data("own");
      node.toggleClass("called", isCalled).data("font", font);
      const box = measureLabel(node);
      const isFree = node.hasClass("selected") || space.isFree(box, isCalled ? null : node.id());
      node.toggleClass("unnamed", !isFree);
      if (isFree) space.occupy(box, "");
      else node.removeClass("called").data("font", node.data("own"));
    });
}

function bodyOf(node: NodeSingular): Box {
  const { x, y } = node.position();
  const half = node.data("size") / 2;
  return { x1: x - half, x2: x + half, y1: y - half, y2: y + half };
}

function measureLabel(node: NodeSingular): Box {
  node.numericStyle("font-size"); // Applies a changed style. Otherwise Cytoscape keeps the old size, and draws a part of the label.
  return node.boundingBox({ includeNodes: false, includeLabels: true });
}

function rank(node: SingularElementArgument): number {
  return (node.hasClass("selected") ? 1e6 : 0) + (node.hasClass("hub") ? 1e5 : 0) + node.data("links");
}

const MAX_HUBS = 24;
const WIDTH_PER_HUB = 40; // pixels of the picture for the label of a hub
const MAX_EDGE_LABELS = 20; // more would cover each other
const DASH = 1.3; // pixels of a dash of length 1
const MAX_CURVES = 600; // if there are more edges, all are straight

/** The graph to draw, and the handlers of what a user does in it. */
export interface Scene {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  /** Nodes and links that the filters hide; they keep their positions. */
  readonly off: ReadonlySet<string>;
  /** The states of links that only hold on another day, or that changed between two days. */
  readonly edgeStates: ReadonlyMap<string, EdgeState>;
  /** Links on a path that the user searched for. */
  readonly path: ReadonlySet<string>;
  readonly parents: ReadonlyMap<string, string>;
  readonly pinned: ReadonlySet<string>;
  readonly shapes: ReadonlyMap<string, number>;
  readonly standings: readonly Standing[];
  readonly layout: Layout;
  readonly selected: string;
  readonly choose: (name: string) => void;
  readonly open: () => void;
  readonly act: (action: "hide" | "pin" | "grow", name: string) => void;
}

export function createCanvas(container: HTMLDivElement, scene: { readonly current: Scene }): Core {
  // Cytoscape would add a style element with this id, which the server's policy forbids; its rule is in explore.css.
  const id = "__________cytoscape_stylesheet";
  if (!document.getElementById(id)) document.head.append(Object.assign(document.createElement("meta"), { id }));
  const cy = cytoscape({
    container,
    style: createStylesheet(readColors()),
    minZoom: 0.05,
    maxZoom: 4,
    boxSelectionEnabled: false,
    autounselectify: true,
    hideEdgesOnViewport: scene.current.edges.length > 2 * MAX_CURVES,
  });
  cy.on("tap", (event) => scene.current.choose(event.target === cy ? "" : event.target.id()));
  cy.on("dbltap", "node", (event) => scene.current.act("grow", event.target.id()));
  cy.on("mouseover", "node, edge", (event) => {
    highlight(event.target);
    container.style.cursor = "pointer";
  });
  cy.on("viewport free", () => updateLabels(cy));
  cy.on("mouseout", "node, edge", () => {
    markSelected(cy, scene.current.selected);
    container.style.cursor = "";
  });
  return cy;
}

/** Adds, changes and removes elements to match the scene; returns the names of new nodes. */
export function updateElements(cy: Core, { nodes, edges, parents, shapes, standings }: Scene): Set<string> {
  const names = new Set([...nodes.map((node) => node.name), ...edges.map((edge) => edge.id)]);
  const links = countLinks(edges);
  const fresh = nodes.filter((node) => cy.getElementById(node.name).empty()).map((node) => node.name);
  const positions = positionsOf(cy);
  const newPositions = placeAround(fresh, findAnchors(fresh, edges, parents, positions), positions, middleOf([...positions.values()]));
  cy.batch(() => {
    cy.elements()
      .filter((element) => !names.has(element.id()))
      .remove();
    for (const node of nodes) {
      const count = links.get(node.name) ?? 0;
      const points = SHAPES[shapes.get(node.kind.iri) ?? 0] ?? [];
      const data = {
        text: wrapLabel(node.label, fontOf(count)),
        color: node.color,
        size: sizeOf(count),
        font: fontOf(count),
        own: fontOf(count),
        links: count,
        points: points.join(" "),
      };
      const element = cy.getElementById(node.name);
      if (element.nonempty()) element.data(data).toggleClass("polygon", points.length > 0);
      else {
        const position = { ...(newPositions.get(node.name) ?? { x: 0, y: 0 }) };
        cy.add({ group: "nodes", data: { id: node.name, ...data }, position, classes: points.length ? "polygon" : "" });
      }
    }
    const isStraight = edges.length > MAX_CURVES;
    const edgeStandings = new Map(edges.map((edge) => [edge.id, bestStanding(standings, [edge.facts[STANDING]])]));
    const hasStandings = [...edgeStandings.values()].some(Boolean);
    for (const edge of edges) {
      const standing = edgeStandings.get(edge.id);
      const data = { text: edge.relation.label, dashes: standing?.dashes.map((length) => length * DASH) ?? [] };
      const element = cy.getElementById(edge.id).nonempty()
        ? cy.getElementById(edge.id).data(data)
        : cy.add({ group: "edges", data: { id: edge.id, source: edge.source, target: edge.target, ...data } });
      element.toggleClass("straight", isStraight).toggleClass("dashed", data.dashes.length > 0);
      element.toggleClass("unsupported", hasStandings && !standing);
    }
  });
  const ranked = [...links].sort((a, b) => b[1] - a[1]).slice(0, Math.min(MAX_HUBS, Math.round(cy.width() / WIDTH_PER_HUB)));
  const hubs = new Set(ranked.filter(([, count]) => count > 2).map(([name]) => name));
  cy.nodes().forEach((node) => {
    node.toggleClass("hub", hubs.has(node.id()));
  });
  updateLabels(cy);
  return new Set(fresh);
}

/** Returns the node near which to place each new node: the one it was expanded from, or a neighbour. */
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
  if (near.edges().length <= MAX_EDGE_LABELS) near.edges().addClass("labelled");
  return near;
}

/** Marks the selected node or edge with its neighbours. */
export function markSelected(cy: Core, selected: string): void {
  cy.batch(() => {
    cy.nodes(".selected").forEach((node) => {
      node.data("font", node.data("own"));
    });
    cy.elements().removeClass("selected near labelled faint");
    const element = selected ? cy.getElementById(selected) : null;
    if (!element || element.empty()) return;
    element.addClass("selected");
    cy.elements().difference(highlight(element)).addClass("faint");
  });
  updateLabels(cy);
}

export function positionsOf(cy: Core | null): Map<string, Point> {
  return new Map(cy?.nodes().map((node): [string, Point] => [node.id(), { ...node.position() }]));
}
