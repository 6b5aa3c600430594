// From where one looks at the picture.
import type { BoundingBox12, Core, SingularElementArgument } from "cytoscape";

const LEGIBLE = 11.5; // pixels

export function fit(cy: Core, smooth = false): void {
  const shown = cy.elements().filter((one) => !one.hasClass("off"));
  if (shown.empty()) return;
  if (smooth) cy.animate({ fit: { eles: shown, padding: 40 }, duration: 250, complete: () => within(cy) });
  else {
    cy.fit(shown, 40);
    within(cy);
    callOut(cy);
  }
}

/** Two nodes alone are not blown up. */
function within(cy: Core): void {
  if (cy.zoom() <= 1.5) return;
  cy.zoom(1.5);
  cy.center();
}

export function zoom(cy: Core, by: number): void {
  cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
}

/** Of a graph seen from afar the chosen node and the best linked ones keep a legible name, where it hides no better one. */
export function callOut(cy: Core): void {
  const font = Math.round(LEGIBLE / cy.zoom());
  const taken: BoundingBox12[] = [];
  const ranked = cy
    .nodes(".hub, .chosen")
    .not(".off")
    .sort((a, b) => rank(b) - rank(a));
  ranked.forEach((node) => {
    node.addClass("called").data("font", Math.max(node.data("own"), font));
    const box = node.boundingBox({ includeNodes: false, includeLabels: true });
    const isFree = node.hasClass("chosen") || !taken.some((other) => meet(box, other));
    if (isFree) taken.push(box);
    else node.removeClass("called").data("font", node.data("own"));
  });
}

function rank(node: SingularElementArgument): number {
  return node.hasClass("chosen") ? Number.POSITIVE_INFINITY : node.data("links");
}

function meet(one: BoundingBox12, other: BoundingBox12): boolean {
  return one.x1 < other.x2 && other.x1 < one.x2 && one.y1 < other.y2 && other.y1 < one.y2;
}
