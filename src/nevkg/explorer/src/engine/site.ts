// A site of files answers what is often asked from its files, and leaves the rest to the engine.
import { siteState } from "../api/transport";
import { ask, start } from "./client";

/** Seconds after the first answer until the engine starts, so that it does not delay what is being read. */
const PAUSE = 3;
const FOR_ENGINE = /^(?:\.\/)?(?:api|sparql|cite)\b/;

let listed: Promise<Readonly<Record<string, string>>> | undefined;
let isPlanned = false;

export async function answer(url: string, init: RequestInit): Promise<Response> {
  if (!FOR_ENGINE.test(url)) return fetch(url, init);
  plan();
  const file = init.method === undefined || init.method === "GET" ? (await files())[sorted(url)] : undefined;
  // Without a network the engine answers what is not kept.
  return file === undefined ? ask(url, init) : fetch(`answers/${file}`, init).catch(() => ask(url, init));
}

/** The files with answers, by address. */
function files(): Promise<Readonly<Record<string, string>>> {
  listed ??= fetch("answers/index.json").then(
    (response) => response.json(),
    () => ({}), // without a network the engine answers everything
  );
  return listed;
}

function sorted(url: string): string {
  const [path = "", query = ""] = url.split("?");
  const params = new URLSearchParams(query);
  params.sort();
  return params.size ? `${path}?${params}` : path;
}

/** Starts the engine soon, and keeps the site for times without a network, unless the reader wants to save data. */
function plan(): void {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (isPlanned || connection?.saveData) return;
  isPlanned = true;
  const begin = () => start().then(keep, console.error);
  const later = () => setTimeout(begin, PAUSE * 1000);
  if (document.readyState === "complete") later();
  else addEventListener("load", later, { once: true });
}

async function keep(): Promise<void> {
  if (!navigator.serviceWorker) return; // only secure addresses have it
  const files = (await (await fetch("engine/offline.json")).json()) as readonly string[];
  await navigator.serviceWorker.register(`offline.js?${siteState}`);
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage(files.map((file) => new URL(file, document.baseURI).href));
}
