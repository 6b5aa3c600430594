import type { Source } from "../api/types";
import { fill, useWords } from "../state/language";
import { set } from "../state/route";
import { words } from "./words";

export const ALWAYS = "all";

interface Props {
  readonly days: readonly string[]; // on which something changes
  readonly day: string | null;
  readonly asOf: string;
}

/** The day of the graph. The slider goes from change to change, the field takes any day. */
export function When({ days, day, asOf }: Props) {
  const w = useWords(words);
  const stops = [...new Set([...days, asOf])].filter(Boolean).sort();
  const shown = day ?? asOf;
  const after = stops.findIndex((one) => one > shown);
  const at = (after < 0 ? stops.length : after) - 1;
  const to = (wanted: string, replace = false) => set({ day: wanted === asOf ? null : wanted }, replace);
  if (stops.length < 2) return null;
  return (
    <div class="when">
      <label class="slider">
        <span>{w.day}</span>
        <input
          type="range"
          min={0}
          max={stops.length - 1}
          value={Math.max(0, at)}
          aria-valuetext={day ?? w.always}
          onInput={(event) => to(stops[Number(event.currentTarget.value)] ?? asOf, true)}
        />
      </label>
      <label>
        <span class="unseen">{w.days}</span>
        <input type="date" value={shown.slice(0, 10)} onChange={(event) => event.currentTarget.value && to(event.currentTarget.value)} />
      </label>
      <div class="views">
        <button type="button" aria-pressed={day === asOf} onClick={() => set({ day: null })}>
          {w.now}
        </button>
        <button type="button" aria-pressed={day === null} onClick={() => set({ day: ALWAYS })}>
          {w.always}
        </button>
      </div>
      {day === null && <span class="quiet">{fill(w.alwaysTold, asOf)}</span>}
    </div>
  );
}

interface SaysProps {
  readonly counts: readonly { readonly iri: string; readonly count: number }[];
  readonly sources: ReadonlyMap<string, Source>;
  readonly chosen: string;
}

/** Only what one source says. */
export function Says({ counts, sources, chosen }: SaysProps) {
  const w = useWords(words);
  if (!counts.length) return null;
  return (
    <label class="says-by">
      <span>{w.says}</span>
      <select value={chosen} onChange={(event) => set({ says: event.currentTarget.value || null })}>
        <option value="">{w.anyone}</option>
        {counts.map(({ iri, count }) => (
          <option key={iri} value={iri}>
            {nameOf(sources.get(iri), iri)} ({count})
          </option>
        ))}
      </select>
    </label>
  );
}

const LONGEST = 90;

export function nameOf(source: Source | undefined, iri: string): string {
  const named = source?.devised ? [source.title, source.devised] : [source?.publisher, source?.title, source?.published];
  const text = source ? [source.unreliable, ...named].filter(Boolean).join(", ") : iri;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
