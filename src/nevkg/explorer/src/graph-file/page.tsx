import { useMemo } from "preact/hooks";
import { convertProjection } from "../explore/data";
import { FactNames } from "../explore/fact-names";
import { buildGraph } from "../explore/graph";
import { shapesOf } from "../explore/style";
import { GraphView } from "../explore/view";
import { classColors } from "../state/colors";
import { useClosingMenus } from "../ui/menus";
import { ThemeChoice } from "../ui/theme-choice";
import type { Contents } from "./contents";

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
