// What can be done in the picture by keys.
import type { Core } from "cytoscape";
import { places, type Scene } from "./drawing";
import { nextIn } from "./place";
import { fit, zoom } from "./zoom";

/** Whether the key meant something. */
export function pressed(cy: Core, key: string, { chosen, off, nodes, choose, open, act }: Scene): boolean {
  const node = nodes.some((one) => one.name === chosen) ? chosen : "";
  if (key.startsWith("Arrow")) {
    const at = places(cy);
    for (const name of off) at.delete(name);
    const first = () => [...at.keys()].sort((a, b) => cy.getElementById(b).degree(false) - cy.getElementById(a).degree(false))[0] ?? null;
    const next = node ? nextIn(key, node, at) : first();
    if (!next) return true;
    choose(next);
    const seen = cy.getElementById(next).renderedBoundingBox({ includeLabels: false });
    if (seen.x1 < 0 || seen.y1 < 0 || seen.x2 > cy.width() || seen.y2 > cy.height()) cy.center(cy.getElementById(next));
    return true;
  }
  const keys: Readonly<Record<string, () => void>> = {
    Enter: () => chosen && open(),
    Escape: () => choose(""),
    Delete: () => node && act("hide", node),
    e: () => node && act("grow", node),
    p: () => node && act("pin", node),
    "+": () => zoom(cy, 1.25),
    "-": () => zoom(cy, 0.8),
    "0": () => fit(cy),
  };
  keys[key]?.();
  return key in keys;
}
