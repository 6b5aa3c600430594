// The service worker of a site of files: what was fetched once is there without a network.
// Its address has the state of the data, so that a new state has a cache of its own.
interface Lifetime extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lifetime {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Scope {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", handle: (event: Lifetime) => void): void;
  addEventListener(type: "fetch", handle: (event: Fetching) => void): void;
  addEventListener(type: "message", handle: (event: Lifetime & { readonly data: readonly string[] }) => void): void;
}

const scope = self as unknown as Scope;
const NAME = `nevkg${location.search}`;
/** These have a digest in their names, so that they never change. */
const LASTING = /\/(?:assets|engine|static)\/[^/]*[-.][\w-]{8,}\.\w+(?:\.\w+)?$/;

scope.addEventListener("install", (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener("activate", (event) => event.waitUntil(forget().then(() => scope.clients.claim())));
scope.addEventListener("message", (event) => event.waitUntil(keep(event.data)));
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && new URL(request.url).origin === location.origin) event.respondWith(find(request));
});

async function forget(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith("nevkg?") && name !== NAME) await caches.delete(name);
}

async function keep(addresses: readonly string[]): Promise<void> {
  const cache = await caches.open(NAME);
  for (const address of addresses) if (!(await cache.match(address))) await cache.add(address).catch(() => undefined);
}

async function find(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  const known = await cache.match(request, { ignoreSearch: request.mode === "navigate" });
  if (known && LASTING.test(new URL(request.url).pathname)) return known;
  try {
    const response = await fetch(request);
    if (response.status === 200) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    if (known) return known;
    throw error;
  }
}
