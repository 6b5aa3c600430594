import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { Ask } from "./ask/ask";
import { Frame } from "./frame";
import { Home } from "./home/home";
import { useWords } from "./state/language";
import { href, useRoute } from "./state/route";
import { Trace } from "./trace/trace";
import { Empty, ErrorBoundary, lazy } from "./ui/loading";
import { words } from "./ui/words";

/** The views with a tab, and three without one. */
type Name = keyof (typeof words)["en"]["views"] | "home" | "story" | "thing";

const views: Readonly<Record<Name, ComponentType>> = {
  home: Home,
  thing: lazy(() => import("./thing/thing").then((module) => module.EntityPage)),
  story: lazy(() => import("./story/story").then((module) => module.StoryPage)),
  ask: Ask,
  map: lazy(() => import("./map/map").then((module) => module.MapPage)),
  timeline: lazy(() => import("./timeline/timeline").then((module) => module.TimelinePage)),
  explore: lazy(() => import("./explore/explore").then((module) => module.Explore)),
  sparql: lazy(() => import("./editor/editor").then((module) => module.EditorPage)),
  ontology: lazy(() => import("./ontology/ontology").then((module) => module.OntologyPage)),
  quality: lazy(() => import("./quality/quality").then((module) => module.QualityPage)),
};

export function App() {
  const route = useRoute();
  const w = useWords(words);
  const name = route.view || "home";
  const View = (views as Readonly<Record<string, ComponentType>>)[name];
  const title = (w.views as Readonly<Record<string, string>>)[name] ?? "";
  useEffect(() => {
    document.title = title ? `${title} · ${w.site}` : w.site;
  }, [title, w.site]);
  return (
    <Frame view={name}>
      <div class={`view ${name}`}>
        {View ? (
          <ErrorBoundary resetKey={`${name}/${route.name}`}>
            <View />
          </ErrorBoundary>
        ) : (
          <Empty>
            {w.missing} <a href={href("")}>{w.home}</a>
          </Empty>
        )}
      </div>
      <Trace />
    </Frame>
  );
}
