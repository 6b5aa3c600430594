// Positions of nodes: layouts, new nodes, the next node in a direction, and the part of the graph that is in view.
import type { BoundingBox12, Core, LayoutOptions, NodeCollection, NodeSingular } from "cytoscape";
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type Simulation,
  type SimulationNodeDatum,
} from "d3-force";

export interface Point {
  readonly x: number;
  readonly y: number;
}

const DISTANCE = 70; // pixels between new nodes

/** The mean of points, or the origin if there are none. */
export function middleOf(points: readonly Point[]): Point {
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / Math.max(1, points.length);
  return { x: mean((point) => point.x), y: mean((point) => point.y) };
}

/** Places new nodes in a ring around the node that each was expanded from. */
export function placeAround(
  fresh: readonly string[],
  parents: ReadonlyMap<string, string>,
  positions: ReadonlyMap<string, Point>,
  middle: Point,
): Map<string, Point> {
  const rings = Map.groupBy(fresh, (name) => parents.get(name) ?? "");
  const placed = new Map<string, Point>();
  for (const [parent, names] of rings) {
    const center = positions.get(parent) ?? placed.get(parent) ?? middle;
    const radius = Math.max(DISTANCE * 1.6, (names.length * DISTANCE) / (2 * Math.PI));
    // Begins away from the middle of the picture, where there is room.
    const start = Math.atan2(center.y - middle.y, center.x - middle.x);
    names.forEach((name, index) => {
      const angle = start + ((index - (names.length - 1) / 2) / names.length) * 2 * Math.PI;
      placed.set(name, { x: center.x + radius * Math.cos(angle), y: center.y + radius * Math.sin(angle) });
    });
  }
  return placed;
}

const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Returns the nearest node in the direction of an arrow key; a distance to the side counts more than one ahead. */
export function findNext(key: string, from: string, positions: ReadonlyMap<string, Point>): string | null {
  const [direction, start] = [DIRECTIONS[key], positions.get(from)];
  if (!direction || !start) return null;
  let nearest: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [name, point] of positions) {
    const [x, y] = [point.x - start.x, point.y - start.y];
    const ahead = x * direction.x + y * direction.y;
    const aside = Math.abs(x * direction.y - y * direction.x);
    if (name === from || ahead <= 0 || aside > ahead * 1.7) continue;
    const cost = ahead + aside * 1.5;
    if (cost < least) [least, nearest] = [cost, name];
  }
  return nearest;
}

const MOST = 1.5; // so that two nodes alone do not fill the picture

export function fit(cy: Core, smooth = false): void {
  const elements = cy.elements().filter((element) => !element.hasClass("off"));
  if (elements.empty()) return;
  if (smooth) cy.animate({ fit: { eles: elements, padding: 40 }, duration: 250, complete: () => limit(cy) });
  else {
    cy.fit(elements, 40);
    limit(cy);
  }
}

function limit(cy: Core): void {
  if (cy.zoom() <= MOST) return;
  cy.zoom(MOST);
  cy.center();
}

export function zoom(cy: Core, factor: number): void {
  cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
}

const LINK = 60; // pixels
const LINK_WITH_LABELS = 100;
const CHARGE = -200;
const THETA = 1.5; // of the approximation; coarser than the default of 0.9, it saves a third of the time and looks the same
const GRAVITY = 0.15;
const DECAY = 0.03; // of the simulation's alpha at each tick, which makes 227 ticks
const GAP = 6; // pixels
const LABELLED = 150; // nodes; labels of more do not fit between the nodes
const SLICE = 40; // milliseconds

interface Body extends SimulationNodeDatum {
  readonly id: string;
  readonly radius: number;
  /** The node with its label and a gap, relative to the middle of the node. */
  readonly box?: BoundingBox12;
}

/**
 * Computes positions in slices of time, so that the page responds in between.
 * If one slice is not enough, returns a function that cancels the rest.
 */
function computePositions(
  cy: Core,
  isFixed: (node: NodeSingular) => boolean,
  keepsOthers: boolean,
  done: (positions: ReadonlyMap<string, Point>) => void,
): (() => void) | null {
  const simulation = createSimulation(cy, isFixed, keepsOthers);
  let timer = 0;
  const isOver = () => simulation.alpha() < simulation.alphaMin();
  const run = () => {
    const end = performance.now() + SLICE;
    while (!isOver() && performance.now() < end) simulation.tick();
    if (isOver()) done(new Map(simulation.nodes().map(({ id, x = 0, y = 0 }) => [id, { x, y }])));
    else timer = window.setTimeout(run);
  };
  run();
  return isOver() ? null : () => clearTimeout(timer);
}

function createSimulation(cy: Core, isFixed: (node: NodeSingular) => boolean, keepsOthers: boolean): Simulation<Body, undefined> {
  const hasLabels = cy.nodes().length < LABELLED;
  const aspect = cy.width() / cy.height() || 1; // a hidden picture has no size
  const bodies = cy.nodes().map((node): Body => {
    const { x, y } = node.position();
    const position = isFixed(node) ? { fx: x, fy: y } : keepsOthers ? { x, y } : {};
    return { id: node.id(), radius: node.data("size") / 2 + GAP, ...(hasLabels && { box: boxOf(node) }), ...position };
  });
  const links = cy.edges().map((edge) => ({ source: edge.source().id(), target: edge.target().id() }));
  const center = middleOf(bodies.flatMap(({ fx, fy }) => (fx == null || fy == null ? [] : [{ x: fx, y: fy }])));
  const link = forceLink<Body, (typeof links)[number]>(links).id(({ id }) => id);
  return forceSimulation(bodies)
    .stop()
    .alphaDecay(DECAY)
    .force("links", link.distance(hasLabels ? LINK_WITH_LABELS : LINK))
    .force("charge", forceManyBody().strength(CHARGE).theta(THETA))
    .force("x", forceX(center.x).strength(GRAVITY / aspect))
    .force("y", forceY(center.y).strength(GRAVITY))
    .force("collisions", hasLabels ? () => separateBoxes(bodies, aspect) : forceCollide<Body>().radius(({ radius }) => radius));
}

function boxOf(node: NodeSingular): BoundingBox12 {
  const [{ x, y }, { x1, x2, y1, y2 }] = [node.position(), node.boundingBox()];
  return { x1: x1 - x - GAP, x2: x2 - x + GAP, y1: y1 - y - GAP, y2: y2 - y + GAP };
}

/** Pushes overlapping boxes apart, in the direction in which they overlap less for the aspect of the picture. */
function separateBoxes(bodies: readonly Body[], aspect: number): void {
  const boxes = bodies.map(({ box, x = 0, y = 0, vx = 0, vy = 0 }) => moveBox(box as BoundingBox12, x + vx, y + vy));
  bodies.forEach((body, i) => {
    for (let j = 0; j < i; j++) {
      const [a, b, other] = [boxes[i], boxes[j], bodies[j]] as [BoundingBox12, BoundingBox12, Body];
      const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
      const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
      if (width <= 0 || height <= 0) continue;
      const axis = width < aspect * height ? "vx" : "vy";
      const isBefore = axis === "vx" ? a.x1 + a.x2 < b.x1 + b.x2 : a.y1 + a.y2 < b.y1 + b.y2;
      const push = ((axis === "vx" ? width : height) / 2) * (isBefore ? -1 : 1);
      body[axis] = (body[axis] ?? 0) + push;
      other[axis] = (other[axis] ?? 0) - push;
    }
  });
}

function moveBox({ x1, x2, y1, y2 }: BoundingBox12, x: number, y: number): BoundingBox12 {
  return { x1: x1 + x, x2: x2 + x, y1: y1 + y, y2: y2 + y };
}

export type Layout = "force" | "rings" | "layers";

const LARGE = 300; // nodes; the movement of more is not smooth

const OPTIONS: Readonly<Record<Exclude<Layout, "force">, object>> = {
  rings: { name: "concentric", concentric: (node: { degree: () => number }) => node.degree(), levelWidth: () => 3, minNodeSpacing: 26 },
  layers: { name: "breadthfirst", spacingFactor: 0.9, avoidOverlap: true, directed: false },
};

/**
 * Lays out new nodes around the others, or all nodes if `fresh` is null. Pinned nodes keep their positions.
 * If this takes long, returns a function that cancels it, and calls `done` at the end.
 */
export function layOut(
  cy: Core,
  layout: Layout,
  fresh: ReadonlySet<string> | null,
  pinned: ReadonlySet<string>,
  done: () => void,
): (() => void) | null {
  const count = cy.nodes().length;
  if (!count) return null;
  const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches && count < LARGE;
  const move = (fixed: NodeCollection, options: object) => {
    fixed.lock();
    const common = { animate: smooth, animationDuration: 450, animationEasing: "ease-out", fit: false, padding: 40 };
    const run = cy.layout({ ...common, ...options } as LayoutOptions);
    run.one("layoutstop", () => {
      cy.nodes().unlock();
      fit(cy, smooth);
    });
    run.run();
  };
  cy.stop();
  if (layout !== "force") {
    move(
      cy.nodes().filter((node) => pinned.has(node.id())),
      OPTIONS[layout],
    );
    return null;
  }
  const isFixed = (node: NodeSingular) => (fresh ? !fresh.has(node.id()) : pinned.has(node.id()));
  return computePositions(cy, isFixed, fresh !== null, (positions) => {
    move(cy.collection(), { name: "preset", positions: Object.fromEntries(positions) });
    done();
  });
}
