// The keys of the graph.
import type { Core } from "cytoscape";
import { positionsOf, type Scene } from "./drawing";
import { findNext } from "./positions";
import { fit, zoom } from "./zoom";

/** Handles a key; returns whether it has a meaning. */
export function handleKey(cy: Core, key: string, { selected, off, nodes, choose, open, act }: Scene): boolean {
  const node = nodes.some(({ name }) => name === selected) ? selected : "";
  if (key.startsWith("Arrow")) {
    const positions = positionsOf(cy);
    for (const name of off) positions.delete(name);
    const degree = (name: string) => cy.getElementById(name).degree(false);
    const next = node ? findNext(key, node, positions) : [...positions.keys()].sort((a, b) => degree(b) - degree(a))[0];
    if (!next) return true;
    choose(next);
    const box = cy.getElementById(next).renderedBoundingBox({ includeLabels: false });
    if (box.x1 < 0 || box.y1 < 0 || box.x2 > cy.width() || box.y2 > cy.height()) cy.center(cy.getElementById(next));
    return true;
  }
  const actions: Readonly<Record<string, () => void>> = {
    Enter: () => selected && open(),
    Escape: () => choose(""),
    Delete: () => node && act("hide", node),
    e: () => node && act("grow", node),
    p: () => node && act("pin", node),
    "+": () => zoom(cy, 1.25),
    "-": () => zoom(cy, 0.8),
    "0": () => fit(cy),
  };
  actions[key]?.();
  return key in actions;
}
