// Requests of a static site: frequent ones are answered from files, the others by the engine.
import { sortParams } from "../api/requests";
import { fromRoot, siteState } from "../api/site";
import { fetchFromEngine, start } from "./client";

/** Seconds from the first request until the engine starts, so that it does not slow down the first page. */
const START_DELAY = 3;
const FOR_ENGINE = /^(?:\.\/)?(?:api|sparql|cite)\b/;

let index: Promise<Readonly<Record<string, string>>> | undefined;
let isScheduled = false;

export async function fetchFromSite(url: string, init: RequestInit): Promise<Response> {
  if (!FOR_ENGINE.test(url)) return fetch(fromRoot(url), init);
  scheduleStart();
  const file = init.method === undefined || init.method === "GET" ? (await loadIndex())[sortParams(url)] : undefined;
  const response = file === undefined ? null : await fetch(fromRoot(`answers/${file}`), init).catch(() => null);
  // Offline, the engine answers if the file is not cached.
  return response?.status === 200 ? response : fetchFromEngine(url, init);
}

/** Loads the names of the files with answers, by address. Offline there are none, and the engine answers all requests. */
function loadIndex(): Promise<Readonly<Record<string, string>>> {
  index ??= fetch(fromRoot("answers/index.json")).then((response) => response.json());
  return index.catch(() => {
    index = undefined;
    return {};
  });
}

/** Schedules the start of the engine and the caching of the site for offline use, unless the browser is set to save data. */
function scheduleStart(): void {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (isScheduled || connection?.saveData) return;
  isScheduled = true;
  const run = () => start().then(cacheSite).catch(console.error);
  const schedule = () => setTimeout(run, START_DELAY * 1000);
  if (document.readyState === "complete") schedule();
  else addEventListener("load", schedule, { once: true });
}

async function cacheSite(): Promise<void> {
  if (!navigator.serviceWorker) return; // missing in insecure contexts
  const files = (await (await fetch(fromRoot("engine/offline.json"))).json()) as readonly string[];
  await navigator.serviceWorker.register(fromRoot(`offline.js?${siteState}`));
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage(files.map(fromRoot));
}
