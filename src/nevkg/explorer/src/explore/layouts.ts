// Layouts of the graph.
import type { Core, LayoutOptions, NodeCollection, NodeSingular } from "cytoscape";
import { computePositions } from "./forces";
import { fit } from "./zoom";

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
