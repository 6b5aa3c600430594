// The part of the graph that is in view.
import type { Core } from "cytoscape";

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
