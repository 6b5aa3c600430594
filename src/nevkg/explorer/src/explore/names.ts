// Which names can be read: none lies over another.
import type { BoundingBox12, Core, NodeSingular, SingularElementArgument } from "cytoscape";

/** Pixels below which a name is not drawn. */
export const LEAST = 8;
const LEGIBLE = 11.5; // pixels
const CROWD = 150; // nodes; the places of fewer are chosen with their names
const CELL = 160;

/** The chosen node and the best linked ones are named first, legibly even from afar; then others, where there is room. */
export function nameApart(cy: Core): void {
  const [zoom, view] = [cy.zoom(), cy.extent()];
  const room = new Room();
  const shown = cy.nodes().not(".off");
  if (shown.length > CROWD)
    shown.forEach((node) => {
      room.take(node.boundingBox({ includeLabels: false }), node.id());
    });
  const isSeen = (node: NodeSingular) => node.data("own") * zoom >= LEAST && meet(node.boundingBox(), view);
  shown
    .filter((one) => one.is(".hub, .chosen, .called") || isSeen(one as NodeSingular))
    .sort((a, b) => rank(b) - rank(a))
    .forEach((node) => {
      const calls = node.is(".hub, .chosen");
      node.toggleClass("called", calls).data("font", calls ? Math.max(node.data("own"), Math.round(LEGIBLE / zoom)) : node.data("own"));
      const box = node.boundingBox({ includeNodes: false, includeLabels: true });
      const isFree = node.hasClass("chosen") || room.isFree(box, calls ? null : node.id());
      node.toggleClass("unnamed", !isFree);
      if (isFree) room.take(box, "");
      else node.removeClass("called").data("font", node.data("own"));
    });
}

function rank(node: SingularElementArgument): number {
  return (node.hasClass("chosen") ? 1e6 : 0) + (node.hasClass("hub") ? 1e5 : 0) + node.data("links");
}

type Box = BoundingBox12;

/** What is taken of the plane, found by cells. */
export class Room {
  private readonly cells = new Map<string, { readonly box: Box; readonly owner: string }[]>();

  take(box: Box, owner: string): void {
    for (const cell of cellsOf(box)) {
      const taken = this.cells.get(cell);
      if (taken) taken.push({ box, owner });
      else this.cells.set(cell, [{ box, owner }]);
    }
  }

  /** Whether no name is there, and no node but that one; nodes are no hindrance where it is null. */
  isFree(box: Box, node: string | null): boolean {
    const hinders = (owner: string) => owner === "" || (node !== null && owner !== node);
    return !cellsOf(box).some((cell) => this.cells.get(cell)?.some((one) => hinders(one.owner) && meet(box, one.box)));
  }
}

function cellsOf({ x1, x2, y1, y2 }: Box): string[] {
  const found: string[] = [];
  for (let x = Math.floor(x1 / CELL); x <= Math.floor(x2 / CELL); x++)
    for (let y = Math.floor(y1 / CELL); y <= Math.floor(y2 / CELL); y++) found.push(`${x} ${y}`);
  return found;
}

function meet(one: Box, other: Box): boolean {
  return one.x1 < other.x2 && other.x1 < one.x2 && one.y1 < other.y2 && other.y1 < one.y2;
}
