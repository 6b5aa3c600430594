import type { ComponentType } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { Frame } from "./frame";
import { currentView, ServerPage } from "./page/server-page";
import { useWords } from "./state/language";
import { href, PAGE, useRoute } from "./state/route";
import { Trace } from "./trace/trace";
import { setViewTitle } from "./ui/hooks";
import { Empty, ErrorBoundary, lazy } from "./ui/loading";
import { words } from "./ui/words";

/** The views with a tab, and four without one. */
type Name = keyof (typeof words)["en"]["views"] | "home" | "story" | "thing" | typeof PAGE;

const views: Readonly<Record<Name, ComponentType & { readonly preload?: () => Promise<void> }>> = {
  [PAGE]: ServerPage,
  home: ServerPage,
  story: ServerPage,
  thing: lazy(() => import("./thing/sections").then((module) => module.EntityPage)),
  ask: lazy(() => import("./ask/ask").then((module) => module.Ask)),
  map: lazy(() => import("./map/map").then((module) => module.MapPage)),
  timeline: lazy(() => import("./timeline/timeline").then((module) => module.TimelinePage)),
  explore: lazy(() => import("./explore/explore").then((module) => module.Explore)),
  sparql: lazy(() => import("./editor/editor").then((module) => module.EditorPage)),
  ontology: ServerPage,
  quality: ServerPage,
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
  // Before the effect of the view, which adds its own title.
  useLayoutEffect(() => setViewTitle(title ? `${title} · ${w.site}` : w.site), [title, w.site]);
  return (
    <Frame view={name}>
      <div class={`view ${name}`}>
        {View ? (
          <ErrorBoundary resetKey={`${name}/${route.name}`}>
            <View key={name} />
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
