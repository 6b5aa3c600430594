// The reader's own queries, the last first; they stay in this browser.
const KEY = "nevkg-queries";
const MOST = 30;

export interface Past {
  readonly query: string;
  readonly at: string;
}

let held: readonly Past[] | undefined; // where the browser forbids storage, for as long as the page is open

export function past(): readonly Past[] {
  if (held) return held;
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(isPast).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

function isPast(one: unknown): one is Past {
  const { query, at } = (one ?? {}) as Partial<Past>;
  return typeof query === "string" && typeof at === "string";
}

/** Puts a query first; the same text stands there once. */
export function remember(query: string, at = new Date()): void {
  keep([{ query, at: at.toISOString() }, ...past().filter((one) => one.query !== query)].slice(0, MOST));
}

export function forget(): void {
  keep([]);
}

function keep(all: readonly Past[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
    held = undefined;
  } catch {
    held = all;
  }
}
