// The data that nevkg/network/files.py writes into the file.

import { useMemo } from "preact/hooks";
import type { Language, Ontology } from "../api/types";
import { convertProjection, type NodeLinkGraph } from "../explore/data";
import { buildGraph } from "../explore/graph";
import { FactNames } from "../explore/panel";
import { shapesOf } from "../explore/style";
import { GraphView } from "../explore/view";
import { classColors } from "../state/colors";
import { useClosingMenus } from "../ui/hooks";
import { ThemeChoice } from "../ui/theme";

interface Contents {
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
    return path?.endsWith("api/ontology") ? Response.json(ontology) : new Response(null, { status: 404 });
  };
}

/** The page of the file: title, graph and caption. */
export function Page({ contents }: { contents: Contents }) {
  useClosingMenus();
  const { graph, ontology, caption, facts } = contents;
  const fullGraph = useMemo(() => {
    const part = convertProjection(graph, ontology.classes);
    return buildGraph(
      { entities: [], projection: "", steps: [] },
      { neighbours: () => undefined, projection: part, path: () => undefined },
    );
  }, [contents]);
  const shapes = useMemo(() => shapesOf(classColors(ontology)), [contents]);
  return (
    <FactNames.Provider value={facts}>
      <header class="top">
        <h1>{graph.graph.title}</h1>
        <div class="settings">
          <ThemeChoice />
        </div>
      </header>
      <main id="content" class="view explore">
        <GraphView graph={fullGraph} title={graph.graph.title} shapes={shapes} actions={null} />
      </main>
      <footer>
        <p>{caption}</p>
      </footer>
    </FactNames.Provider>
  );
}
