// The data that nevkg/network/files.py writes into the file.
import type { Language, Ontology } from "../api/types";
import type { NodeLinkGraph } from "../explore/data";

export interface Contents {
  readonly language: Language;
  /** The subject of the graph, its number of sources and its licence. */
  readonly caption: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly ontology: Pick<Ontology, "classes" | "concepts">;
  readonly graph: NodeLinkGraph;
}

/** Reads the data of the page. */
export function readContents(): Contents {
  return JSON.parse(document.getElementById("contents")?.textContent ?? "") as Contents;
}

/** Replaces `fetch`, since the file has no server: answers requests of the view from the data of the page, and others with 404. */
export function stubFetch({ ontology }: Contents): void {
  window.fetch = async (input) => {
    const path = String(input).split("?")[0];
    return path === "api/ontology" ? Response.json(ontology) : new Response(null, { status: 404 });
  };
}
