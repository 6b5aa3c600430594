// What graphology (the reader of Gephi Lite) makes of a GEXF file, as JSON.
import { readFileSync } from "node:fs";
import graphology from "graphology";
import gexf from "graphology-gexf";

const graph = gexf.parse(graphology, readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify({ type: graph.type, multi: graph.multi, ...graph.export() }));
