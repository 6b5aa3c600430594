// The service worker of a static site, which makes fetched files available offline.
// Its address contains the state of the data, so each state has its own cache.
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface WorkerScope {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", handle: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", handle: (event: FetchEvent) => void): void;
  addEventListener(type: "message", handle: (event: ExtendableEvent & { readonly data: readonly string[] }) => void): void;
}

const scope = self as unknown as WorkerScope;
const CACHE_NAME = `nevkg${location.search}`;
/** Files with a digest in their names, which never change. */
const IMMUTABLE = /\/(?:assets|engine|static)\/[^/]*[-.][\w-]{8,}\.\w+(?:\.\w+)?$/;

/** Files whose content the engine has, too. */
const ALSO_IN_ENGINE = /\/answers\/\w+\.json$|\.html$/;

scope.addEventListener("install", (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener("activate", (event) => event.waitUntil(deleteOldCaches().then(() => scope.clients.claim())));
scope.addEventListener("message", (event) => event.waitUntil(addToCache(event.data)));
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && new URL(request.url).origin === location.origin) event.respondWith(respond(request));
});

async function deleteOldCaches(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith("nevkg?") && name !== CACHE_NAME) await caches.delete(name);
}

async function addToCache(addresses: readonly string[]): Promise<void> {
  const cache = await caches.open(CACHE_NAME);
  for (const address of addresses) if (!(await cache.match(address))) await cache.add(address).catch(() => undefined);
}

/** Returns the address at which the first page shows the view of another page. */
function firstPageFor(address: string): string {
  const root = new URL(".", location.href).href;
  return `${root}#/${address.slice(root.length)}`;
}

async function respond(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE_NAME);
  const cached = await cache.match(request, { ignoreSearch: request.mode === "navigate" });
  if (cached && IMMUTABLE.test(new URL(request.url).pathname)) return cached;
  try {
    const response = await fetch(request);
    if (response.status === 200) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    if (cached) return cached;
    // The first page, which is cached, shows any view; the file of this one was not visited.
    if (request.mode === "navigate") return Response.redirect(firstPageFor(request.url));
    // The engine answers instead; an error would be in the console.
    if (ALSO_IN_ENGINE.test(new URL(request.url).pathname)) return new Response(null, { status: 204 });
    throw error;
  }
}
