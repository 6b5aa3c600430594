// Where nodes go.
import cytoscape, { type Core, type LayoutOptions, type NodeCollection } from "cytoscape";
import fcose from "cytoscape-fcose";
import { solveAside } from "./aside";
import { IS_STANDALONE } from "./standalone";
import { fit } from "./zoom";

cytoscape.use(fcose);

export type Layout = "force" | "rings" | "layers";

const LARGE = 300; // nodes, beyond which it takes more than a moment

/**
 * Lays out what is fresh around what is there; all of it where `fresh` is null. What is pinned stays either way.
 * Where that takes long, gives what stops it, and says when it is done.
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
  const still: NodeCollection = cy.nodes().filter((node) => (fresh ? !fresh.has(node.id()) : pinned.has(node.id())));
  const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches && count < LARGE;
  const common = { animate: smooth, animationDuration: 450, animationEasing: "ease-out" as const, fit: false, padding: 40 };
  const options: Readonly<Record<Layout, object>> = {
    force: {
      name: "fcose",
      randomize: fresh === null && still.empty(),
      quality: "default",
      nodeDimensionsIncludeLabels: count < 150,
      nodeRepulsion: 9000,
      idealEdgeLength: 85,
      edgeElasticity: 0.35,
      gravity: 0.3,
      numIter: 2500,
      packComponents: false,
      fixedNodeConstraint: still.map((node) => ({ nodeId: node.id(), position: { ...node.position() } })),
    },
    rings: { name: "concentric", concentric: (node: { degree: () => number }) => node.degree(), levelWidth: () => 3, minNodeSpacing: 26 },
    layers: { name: "breadthfirst", spacingFactor: 0.9, avoidOverlap: true, directed: false },
  };
  cy.stop();
  // A page of one file has no worker.
  if (layout === "force" && count >= LARGE && !IS_STANDALONE) {
    return solveAside(
      cy,
      { ...common, ...options.force },
      (node) => still.contains(node),
      () => {
        fit(cy);
        done();
      },
    );
  }
  // To fcose a place is the middle of a node and its label together: kept by it alone, nodes would move a little each time.
  (layout === "force" ? still : cy.nodes().filter((node) => pinned.has(node.id()))).lock();
  const run = cy.layout({ ...common, ...options[layout] } as LayoutOptions);
  run.one("layoutstop", () => {
    cy.nodes().unlock();
    fit(cy, smooth);
  });
  run.run();
  return null;
}
