// The queries that the reader has run, the latest first. They are stored in the browser only.
const KEY = "nevkg-queries";
const MAX_ENTRIES = 30;

export interface HistoryEntry {
  readonly query: string;
  readonly at: string;
}

let memory: readonly HistoryEntry[] | undefined; // used while the browser forbids storage

/** Reads the history. */
export function readHistory(): readonly HistoryEntry[] {
  if (memory) return memory;
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isEntry).slice(0, MAX_ENTRIES) : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is HistoryEntry {
  const { query, at } = (value ?? {}) as Partial<HistoryEntry>;
  return typeof query === "string" && typeof at === "string";
}

/** Puts a query first and removes earlier entries with the same text. */
export function addToHistory(query: string, at = new Date()): void {
  write([{ query, at: at.toISOString() }, ...readHistory().filter((entry) => entry.query !== query)].slice(0, MAX_ENTRIES));
}

export function clearHistory(): void {
  write([]);
}

function write(entries: readonly HistoryEntry[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
    memory = undefined;
  } catch {
    memory = entries;
  }
}
