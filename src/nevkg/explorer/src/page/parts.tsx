// What a script adds to a page of the server, where the page marks its place: data-part has its name, data-props its properties.
import type { ComponentType } from "preact";
import { createPortal } from "preact/compat";
import { useEffect, useState } from "preact/hooks";
import { Search } from "../search/search";
import { ErrorBoundary, lazy } from "../ui/loading";
import { PageFilter } from "./filter";

// biome-ignore lint/suspicious/noExplicitAny: the properties are those that the page states
const PARTS: Readonly<Record<string, ComponentType<any>>> = {
  search: Search,
  filter: PageFilter,
  entity: lazy(() => import("../thing/sections").then((module) => module.Sections)),
  class: lazy(() => import("../ontology/diagram").then((module) => module.ClassPart)),
  classes: lazy(() => import("../ontology/diagram").then((module) => module.ClassesPart)),
  picture: lazy(() => import("./live-answer").then((module) => module.Picture)),
  overview: lazy(() => import("./live-answer").then((module) => module.Overview)),
};

/** Returns the places of parts within an element, and empties them. */
export function findPlaces(element: Element): HTMLElement[] {
  const places = [...element.querySelectorAll<HTMLElement>("[data-part]")];
  for (const place of places) place.replaceChildren();
  return places;
}

/** Renders each part in its place. */
export function Parts({ places }: { places: readonly HTMLElement[] }) {
  return <>{places.map((place) => createPortal(<Part place={place} />, place))}</>;
}

function Part({ place }: { place: HTMLElement }) {
  const { part = "", props = "{}" } = place.dataset;
  const Component = PARTS[part];
  const isOpen = useIsOpen(place);
  return Component && isOpen ? (
    <ErrorBoundary resetKey={part}>
      <Component {...JSON.parse(props)} />
    </ErrorBoundary>
  ) : null;
}

/** Returns whether a place is visible: one in a closed details element is not, until that is opened. */
function useIsOpen(place: HTMLElement): boolean {
  const details = place.closest("details");
  const [isOpen, setIsOpen] = useState(details?.open ?? true);
  useEffect(() => {
    const open = () => setIsOpen(true);
    details?.addEventListener("toggle", open, { once: true });
    return () => details?.removeEventListener("toggle", open);
  }, [details]);
  return isOpen;
}
