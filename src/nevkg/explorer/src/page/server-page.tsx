// Pages as the server writes them: the page that arrived, and others that are loaded and put in its place.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { sendForPage, useLoading } from "../api/requests";
import { isSite } from "../api/site";
import type { Language } from "../api/types";
import { traceAddress } from "../state/address";
import { useLanguage } from "../state/language";
import { contentAddress, currentRoute, fileAddress, go, isPlain, NAMED_BY, PAGE, parse, TABLE, TOPIC, useRoute } from "../state/route";
import { usePageTitle } from "../ui/hooks";
import { Loaded } from "../ui/loading";
import { findPlaces, Parts } from "./parts";

/** A page: its title, and the class and the content of its view. */
interface Page {
  readonly title: string;
  readonly name: string;
  readonly nodes: readonly Node[];
}

const VIEW = "#content > .view";
const MOST_PAGES = 20;

/** Pages by address; the page that arrived is one of them. */
const pages = new Map<string, Page>();
/** The page that arrived, if only the server knows what its address has, as with messages about errors; and its path. */
let whole: Page | undefined;
let wholePath = "";

function readPage(from: Document): Page {
  const view = from.querySelector(VIEW);
  return {
    title: from.title,
    name: view?.className ?? "",
    nodes: [...(view?.childNodes ?? [])],
  };
}

/** Keeps what the server wrote, before the explorer takes its place, and before an old address, which begins with "#/", is replaced. */
export function keepPage(): void {
  const { documentElement } = document;
  if ("shell" in documentElement.dataset) return; // a page of a site without content
  const page = readPage(document);
  const route = parse(location.href.split("#/")[0] ?? "");
  if ("whole" in documentElement.dataset || route.view === PAGE) [whole, wholePath] = [page, location.pathname];
  const address = contentAddress(route, documentElement.lang as Language);
  // The files of a site are for the day of the dataset; the engine renders others.
  if (!isSite || fileAddress(address)) pages.set(address, page);
}

/** Returns the name of the view of the present address; that of pages where only the server knows what to show. */
export function currentView(): string {
  return whole && wholePath === location.pathname ? PAGE : currentRoute().view;
}

/** Loads a page. Its links are relative to its own address, so they become absolute. */
async function loadPage(address: string): Promise<Page> {
  const { text, base } = await sendForPage(new URL(address, location.href).href);
  const loaded = new DOMParser().parseFromString(text, "text/html");
  for (const name of ["href", "action"])
    for (const element of loaded.querySelectorAll(`[${name}]`))
      element.setAttribute(name, new URL(element.getAttribute(name) ?? "", base).href);
  const page = readPage(loaded);
  if (pages.size >= MOST_PAGES) pages.delete(pages.keys().next().value as string);
  pages.set(address, page);
  return page;
}

function usePage(address: string | null) {
  const known = pages.get(address ?? "");
  return useLoading(
    useCallback(() => (address ? loadPage(address) : null), [address]),
    known,
  );
}

/** A page that has no other view here: its content as the server writes it, with the parts that a script adds. */
export function ServerPage() {
  const address = contentAddress(useRoute(), useLanguage());
  const arrived = currentView() === PAGE ? whole : undefined;
  const page = usePage(arrived ? null : address);
  if (arrived) return <Content page={arrived} />;
  return <Loaded of={page}>{(loaded) => <Content page={loaded} key={loaded.title} />}</Loaded>;
}

function Content({ page }: { page: Page }) {
  const { view, name, params } = useRoute();
  usePageTitle(page.title);
  // One page has all terms or tables; a name in its address leads to one of them.
  const anchor = view in NAMED_BY ? name.split(/[:#]/).at(-1) : (params.get(TABLE) ?? params.get(TOPIC) ?? location.hash.slice(1));
  useEffect(() => {
    if (anchor) document.getElementById(decodeURIComponent(anchor))?.scrollIntoView();
  }, [page, anchor]);
  return <Nodes nodes={page.nodes} isWritten={/\bwritten\b/.test(page.name)} />;
}

/** Opens the evidence of a link that names it, in place of the page that it leads to. */
function openEvidence(event: MouseEvent) {
  const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-trace]") : null;
  if (!link || !isPlain(event)) return;
  event.preventDefault();
  go(traceAddress((link.dataset.trace ?? "").split(" ")));
}

function Nodes({ nodes, isWritten }: { nodes: readonly Node[]; isWritten: boolean }) {
  const element = useRef<HTMLDivElement>(null);
  const [places, setPlaces] = useState<readonly HTMLElement[]>([]);
  useEffect(() => element.current?.addEventListener("click", openEvidence), []);
  useLayoutEffect(() => {
    if (!element.current) return;
    element.current.replaceChildren(...nodes);
    setPlaces(findPlaces(element.current));
  }, [nodes]);
  return (
    <>
      <div class={isWritten ? "server-part written" : "server-part"} ref={element} />
      <Parts places={places} />
    </>
  );
}
