import { useReducer } from "preact/hooks";
import { useLanguage, useWords } from "../state/language";
import { words } from "./words";

// The queries that the reader has run, the latest first. They are stored in the browser only.
const KEY = "nevkg-queries";
const MAX_ENTRIES = 30;

interface HistoryEntry {
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

/** The menu of queries that the reader has run. */
export function HistoryMenu({ choose, runCount }: { choose: (query: string) => void; runCount: number }) {
  const w = useWords(words);
  const lang = useLanguage();
  const [, refresh] = useReducer((count: number, _: undefined) => count + 1, runCount);
  const entries = readHistory();
  const time = new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { dateStyle: "short", timeStyle: "short" });
  return (
    <details class="menu past" onToggle={() => refresh(undefined)}>
      <summary>{w.history}</summary>
      <div>
        {entries.length === 0 && <p class="quiet">{w.noHistory}</p>}
        {entries.map(({ query, at }) => (
          <button
            key={query}
            type="button"
            onClick={(event) => {
              choose(query);
              event.currentTarget.closest("details")?.removeAttribute("open");
            }}
          >
            <small>{formatTime(at, time)}</small>
            <code>{summary(query)}</code>
          </button>
        ))}
        {entries.length > 0 && (
          <button
            type="button"
            class="plain"
            onClick={() => {
              clearHistory();
              refresh(undefined);
            }}
          >
            {w.forget}
          </button>
        )}
      </div>
    </details>
  );
}

function formatTime(at: string, time: Intl.DateTimeFormat): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? "" : time.format(date);
}

/** Returns the beginning of a query on one line, without comments and prefixes. */
function summary(query: string): string {
  const lines = query.split("\n").filter((line) => !/^\s*(#|PREFIX\b|BASE\b|$)/i.test(line));
  return lines.join(" ").replace(/\s+/g, " ").slice(0, 120) || query.slice(0, 120);
}
