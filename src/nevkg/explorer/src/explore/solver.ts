// A worker that lays out a large graph, so that the page stays at hand meanwhile.
import cytoscape, { type ElementDefinition, type LayoutOptions } from "cytoscape";
import fcose from "cytoscape-fcose";
import type { Point } from "./place";

cytoscape.use(fcose);

/** What is to be laid out: elements as Cytoscape has them, nodes with their place and `size`. */
export interface Task {
  readonly elements: readonly ElementDefinition[];
  readonly options: object;
}

export type Solved = readonly (readonly [string, Point])[];

addEventListener("message", ({ data: { elements, options } }: MessageEvent<Task>) => {
  const cy = cytoscape({
    headless: true,
    styleEnabled: true,
    style: [{ selector: "node", style: { width: "data(size)", height: "data(size)" } }],
    elements: [...elements],
  });
  const run = cy.layout({ ...options, animate: false } as LayoutOptions);
  run.one("layoutstop", () => {
    postMessage(cy.nodes().map((node): [string, Point] => [node.id(), { ...node.position() }]) satisfies Solved);
  });
  run.run();
});
