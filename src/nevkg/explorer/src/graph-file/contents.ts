// What Python writes into the file.
import type { Language, Ontology } from "../api/types";
import type { Drawn } from "../explore/data";

export interface Contents {
  readonly language: Language;
  /** What the graph shows, from how many sources, and under which licence. */
  readonly caption: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly ontology: Pick<Ontology, "classes" | "concepts">;
  readonly graph: Drawn;
}

/** Reads what Python has written into the page. */
export function readContents(): Contents {
  return JSON.parse(document.getElementById("contents")?.textContent ?? "") as Contents;
}

/** Answers the requests of the view from the page itself, which has no server; there is no answer to any other. */
export function answerFrom({ ontology }: Contents): void {
  window.fetch = async (input) => {
    const path = String(input).split("?")[0];
    return path === "api/ontology" ? Response.json(ontology) : new Response(null, { status: 404 });
  };
}
