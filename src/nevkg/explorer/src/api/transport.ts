// How requests are carried: over HTTP to a server, or, on a site of files, to those files and to the engine in this browser.

/** The state of the data of a site of files, which its page says; undefined where a server answers. */
export const stateOfData =
  typeof document === "undefined" ? undefined : document.querySelector<HTMLMetaElement>('meta[name="nevkg-site"]')?.content;
export const isSite = stateOfData !== undefined;

/** Does what fetch() does, for an address relative to the page. */
export async function fetchResource(url: string, init: RequestInit): Promise<Response> {
  return isSite ? (await import("../engine/site")).answer(url, init) : fetch(url, init);
}

/** The address of a page or document of the server; a site of files has one page that renders them. */
export function serverHref(path: string): string {
  return isSite ? `page.html#/${path}` : path;
}
