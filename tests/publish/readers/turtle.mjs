// Prints the triples that N3.js reads from a Turtle 1.2 file, one per line, as JSON.
import { readFileSync } from "node:fs";
import { Parser } from "n3";

const plain = (term) => {
  if (term.termType === "Quad") return [term.subject, term.predicate, term.object].map(plain);
  if (term.termType === "Literal") return [term.value, term.datatype.value, term.language || null];
  return term.termType === "BlankNode" ? "_:" : term.value;
};
const triples = new Parser({ format: "text/turtle" }).parse(readFileSync(process.argv[2], "utf8"));
process.stdout.write(triples.map((triple) => JSON.stringify(plain(triple))).join("\n"));
