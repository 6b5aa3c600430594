// What Cytoscape.js makes of a cyjs file, as JSON.
import { readFileSync } from "node:fs";
import cytoscape from "cytoscape";

const document = JSON.parse(readFileSync(process.argv[2], "utf8"));
const graph = cytoscape({ headless: true, elements: document.elements, data: document.data });
console.log(
  JSON.stringify({
    data: graph.data(),
    nodes: graph.nodes().map((node) => node.data()),
    edges: graph.edges().map((edge) => edge.data()),
    parents: graph.nodes(":child").length,
  }),
);
