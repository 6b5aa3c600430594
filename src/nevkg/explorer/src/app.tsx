import type { ComponentType } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { Ask } from "./ask/ask";
import { Frame } from "./frame";
import { Home } from "./home/home";
import { useWords } from "./state/language";
import { href, PAGE, useRoute } from "./state/route";
import { Trace } from "./trace/trace";
import { Empty, ErrorBoundary, lazy } from "./ui/loading";
import { currentView, ServerPage } from "./ui/server-part";
import { words } from "./ui/words";

/** The views with a tab, and four without one. */
type Name = keyof (typeof words)["en"]["views"] | "home" | "story" | "thing" | typeof PAGE;

const views: Readonly<Record<Name, ComponentType & { readonly preload?: () => Promise<void> }>> = {
  [PAGE]: ServerPage,
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

const viewOf = (name: string) => (views as Readonly<Record<string, (typeof views)[Name]>>)[name];

/** Loads the code of the view of the present address. */
export async function preloadView(): Promise<void> {
  await viewOf(currentView() || "home")?.preload?.();
}

export function App() {
  const route = useRoute();
  const w = useWords(words);
  const name = currentView() || "home";
  const View = viewOf(name);
  const title = (w.views as Readonly<Record<string, string>>)[name] ?? "";
  useLayoutEffect(() => {
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
