// What Graphviz (compiled to WebAssembly) makes of a DOT file: its JSON and its SVG.
import { readFileSync } from "node:fs";
import { instance } from "@viz-js/viz";

const source = readFileSync(process.argv[2], "utf8");
const viz = await instance();
const read = viz.renderFormats(source, ["dot_json", "svg"], { engine: "dot" });
if (read.status !== "success" || read.errors.some((error) => error.level === "error")) {
  console.error(JSON.stringify(read.errors));
  process.exit(1);
}
console.log(JSON.stringify({ graph: JSON.parse(read.output.dot_json), svg: read.output.svg }));
