// What the server wrote into the page: shown where there is no view of the explorer, and below views that have less.
import { useCallback, useLayoutEffect, useRef } from "preact/hooks";
import { sendForPage, useLoading } from "../api/requests";
import { currentRoute, href, PAGE, useRoute } from "../state/route";
import { useIsNear, useTitle } from "./hooks";
import { Loaded } from "./loading";

const MAIN = "#content > .view";
const DETAILS = "[data-details]";

/** The page as it arrived: its path, its address without parameters of the view, its title, and the content of its view and of its details. */
const arrived = { path: "", address: "", title: "", isWhole: false, nodes: [] as Node[], details: [] as Node[] };

/** Keeps what the server wrote, before the explorer takes its place. */
export function keepPage(): void {
  const main = document.querySelector(MAIN);
  arrived.path = location.pathname;
  const { view, name } = currentRoute();
  arrived.address = href(view, name);
  arrived.title = document.title;
  arrived.isWhole = "whole" in document.documentElement.dataset; // as messages about errors are
  arrived.details = [...(document.querySelector(DETAILS)?.cloneNode(true).childNodes ?? [])];
  arrived.nodes = [...(main?.childNodes ?? [])];
}

/** Returns the name of the view of the present address; that of pages where only the server knows what to show. */
export function currentView(): string {
  return arrived.isWhole && arrived.path === location.pathname ? PAGE : currentRoute().view;
}

/** The content of the page as the server wrote it. */
export function ServerPage() {
  useRoute();
  useTitle(arrived.title.split(" · ").slice(0, -1).join(" · "));
  return <Nodes nodes={arrived.nodes} />;
}

/** What the page of the server has below its summary, such as all statements about an entity. It is loaded when it comes near. */
export function ServerDetails() {
  const { view, name } = useRoute();
  const address = href(view, name); // without parameters of the view, such as that of the evidence panel
  const place = useRef<HTMLElement>(null);
  const isNear = useIsNear(place);
  const isHere = address === arrived.address && arrived.details.length > 0;
  const load = useCallback(
    () => (isHere ? Promise.resolve(arrived.details) : isNear ? loadDetails(address) : null),
    [isHere, isNear, address],
  );
  const details = useLoading(load, isHere ? arrived.details : undefined);
  return (
    <section ref={place} key={address}>
      {(isNear || isHere) && <Loaded of={details}>{(nodes) => <Nodes nodes={nodes} />}</Loaded>}
    </section>
  );
}

/** Loads the details of a page. Its links are relative to its own address, so they become absolute. */
async function loadDetails(path: string): Promise<Node[]> {
  const { text, base } = await sendForPage(new URL(path, location.href).href);
  const part = new DOMParser().parseFromString(text, "text/html").querySelector(DETAILS);
  for (const link of part?.querySelectorAll("[href]") ?? []) link.setAttribute("href", new URL(link.getAttribute("href") ?? "", base).href);
  return [...(part?.childNodes ?? [])];
}

function Nodes({ nodes }: { nodes: readonly Node[] }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current?.replaceChildren(...nodes), [nodes]);
  return <div class="server-part written" ref={place} />;
}
