// Requests to a server, or, on a static site, to its files and to the engine in this browser.

/** The state of the data of a static site, from a tag of its page; undefined if the page is from a server. */
export const siteState =
  typeof document === "undefined" ? undefined : document.querySelector<HTMLMetaElement>('meta[name="nevkg-site"]')?.content;
export const isSite = siteState !== undefined;

/** Works like `fetch()` for an address relative to the page. */
export async function fetchResource(url: string, init: RequestInit): Promise<Response> {
  return isSite ? (await import("../engine/site")).fetchFromSite(url, init) : fetch(url, init);
}

/** Returns the link to a page or document of the server. A static site renders all of them in one page. */
export function serverHref(path: string): string {
  return isSite ? `page.html#/${path}` : path;
}
