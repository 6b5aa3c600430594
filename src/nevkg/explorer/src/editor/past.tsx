import { useReducer } from "preact/hooks";
import { useLanguage, useWords } from "../state/language";
import { forget, past } from "./history";
import { words } from "./words";

/** What the reader has run before. */
export function Past({ choose, turn }: { choose: (query: string) => void; turn: number }) {
  const w = useWords(words);
  const language = useLanguage();
  const [, look] = useReducer((count: number, _: undefined) => count + 1, turn);
  const all = past();
  const time = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { dateStyle: "short", timeStyle: "short" });
  return (
    <details class="menu past" onToggle={() => look(undefined)}>
      <summary>{w.history}</summary>
      <div>
        {all.length === 0 && <p class="quiet">{w.noHistory}</p>}
        {all.map((one) => (
          <button
            key={one.query}
            type="button"
            onClick={(event) => {
              choose(one.query);
              event.currentTarget.closest("details")?.removeAttribute("open");
            }}
          >
            <small>{dated(one.at, time)}</small>
            <code>{gist(one.query)}</code>
          </button>
        ))}
        {all.length > 0 && (
          <button
            type="button"
            class="plain"
            onClick={() => {
              forget();
              look(undefined);
            }}
          >
            {w.forget}
          </button>
        )}
      </div>
    </details>
  );
}

function dated(at: string, time: Intl.DateTimeFormat): string {
  const day = new Date(at);
  return Number.isNaN(day.getTime()) ? "" : time.format(day);
}

/** The query on one line, without what stands before its verb. */
function gist(query: string): string {
  const kept = query.split("\n").filter((line) => !/^\s*(#|PREFIX\b|BASE\b|$)/i.test(line));
  return kept.join(" ").replace(/\s+/g, " ").slice(0, 120) || query.slice(0, 120);
}
