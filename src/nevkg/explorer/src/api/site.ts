// Whether the page is from a server or from a static site.

/** The state of the data of a static site, from a tag of its page; undefined if the page is from a server. */
export const siteState =
  typeof document === "undefined" ? undefined : document.querySelector<HTMLMetaElement>('meta[name="nevkg-site"]')?.content;
export const isSite = siteState !== undefined;

/** Returns the link to a page or document of the server. A static site renders all of them in one page. */
export function serverHref(path: string): string {
  return isSite ? `page.html#/${path}` : path;
}
