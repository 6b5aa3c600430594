// Chooses the labels that are shown, so that none covers another.
import type { BoundingBox12, Core, NodeSingular, SingularElementArgument } from "cytoscape";

/** The size of text in pixels below which a label is not drawn. */
export const MIN_SIZE = 8;
const LEGIBLE = 11.5; // pixels
const CROWD = 150; // nodes; a layout of fewer has room for their labels
const CELL = 160;

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
  nodes
    .filter((node) => node.is(".hub, .selected, .called") || isVisible(node as NodeSingular))
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

type Box = BoundingBox12;

/** The occupied parts of the plane, in a grid. */
export class Space {
  private readonly cells = new Map<string, { readonly box: Box; readonly owner: string }[]>();

  /** Adds a box of a node, or of a label if `owner` is empty. */
  occupy(box: Box, owner: string): void {
    for (const cell of cellsOf(box)) {
      const boxes = this.cells.get(cell);
      if (boxes) boxes.push({ box, owner });
      else this.cells.set(cell, [{ box, owner }]);
    }
  }

  /** Whether a box covers no label, and no node except `node`; with null, nodes do not matter. */
  isFree(box: Box, node: string | null): boolean {
    const matters = (owner: string) => owner === "" || (node !== null && owner !== node);
    return !cellsOf(box).some((cell) => this.cells.get(cell)?.some((other) => matters(other.owner) && overlap(box, other.box)));
  }
}

function cellsOf({ x1, x2, y1, y2 }: Box): string[] {
  const cells: string[] = [];
  for (let x = Math.floor(x1 / CELL); x <= Math.floor(x2 / CELL); x++)
    for (let y = Math.floor(y1 / CELL); y <= Math.floor(y2 / CELL); y++) cells.push(`${x} ${y}`);
  return cells;
}

function overlap(a: Box, b: Box): boolean {
  return a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2;
}
