// From where one looks at the picture.
import type { Core } from "cytoscape";
import { nameApart } from "./names";

export function fit(cy: Core, smooth = false): void {
  const shown = cy.elements().filter((one) => !one.hasClass("off"));
  if (shown.empty()) return;
  if (smooth) cy.animate({ fit: { eles: shown, padding: 40 }, duration: 250, complete: () => within(cy) });
  else {
    cy.fit(shown, 40);
    within(cy);
    nameApart(cy);
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
