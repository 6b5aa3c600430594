// The force-directed layout. It uses no random numbers: the same graph in a picture of the same size is always laid out in the same way.
import type { BoundingBox12, Core, NodeSingular } from "cytoscape";
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
import { middleOf, type Point } from "./positions";

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
export function computePositions(
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
