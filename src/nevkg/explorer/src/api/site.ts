// Whether the page is from a server or from a static site, and where that is.

const isBrowser = typeof document !== "undefined";

/** The state of the data of a static site, from a tag of its page; undefined if the page is from a server. */
export const siteState = isBrowser ? document.querySelector<HTMLMetaElement>('meta[name="nevkg-site"]')?.content : undefined;
export const isSite = siteState !== undefined;

/** The address of the server or the site, which may be in any folder of a host. It ends with a slash. */
export const ROOT = isBrowser ? new URL(document.documentElement.dataset.root ?? ".", document.baseURI).href : "http://localhost/";

/** Returns the whole address of a path, such as that of a request. */
export function fromRoot(path: string): string {
  return new URL(path, ROOT).href;
}
