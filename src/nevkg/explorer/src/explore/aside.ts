// Layouts that take long are worked out beside the page.
import type { Core, ElementDefinition, NodeSingular } from "cytoscape";
import type { Solved, Task } from "./solver";

/** Moves the nodes, those aside that stay, to where a layout has them; gives what stops it. */
export function solveAside(cy: Core, options: object, stays: (node: NodeSingular) => boolean, done: () => void): () => void {
  const worker = new Worker(new URL("./solver.ts", import.meta.url), { type: "module" });
  const end = () => {
    worker.terminate();
    done();
  };
  worker.onmessage = ({ data }: MessageEvent<Solved>) => {
    const places = new Map(data);
    cy.batch(() => {
      cy.nodes().forEach((node) => {
        const place = places.get(node.id());
        if (place && !stays(node)) node.position({ ...place });
      });
    });
    end();
  };
  worker.onerror = (event) => {
    end();
    throw new Error(event.message || "The layout could not be worked out.");
  };
  worker.postMessage({ elements: elementsOf(cy, stays), options } satisfies Task);
  return () => worker.terminate();
}

function elementsOf(cy: Core, stays: (node: NodeSingular) => boolean): ElementDefinition[] {
  return [
    ...cy.nodes().map((node): ElementDefinition => {
      return { group: "nodes", data: { id: node.id(), size: node.data("size") }, position: { ...node.position() }, locked: stays(node) };
    }),
    ...cy.edges().map((edge): ElementDefinition => {
      return { group: "edges", data: { id: edge.id(), source: edge.source().id(), target: edge.target().id() } };
    }),
  ];
}
