// The controls for the day and the source of a graph.
import type { Source } from "../api/types";
import { useDay } from "../state/day";
import { fill, useWords } from "../state/language";
import { AS_OF, set } from "../state/route";
import { ComparisonDayField } from "../ui/changes";
import { dayOf, monthOf, withoutOutliers } from "../ui/dates";
import { DaySlider } from "../ui/day-slider";
import { words } from "./words";

/** Present in the address if links of all days are shown. */
export const ALWAYS = "always";

interface DayProps {
  readonly days: readonly string[]; // on which links begin or end, in order
  readonly isAlways: boolean;
  readonly against: number | null;
  readonly asOf: string;
}

/** The slider for the day of the graph, with a button that shows all days. */
export function DayControl({ days, isAlways, against, asOf }: DayProps) {
  const w = useWords(words);
  const today = dayOf(asOf) ?? 0;
  const [day, setDay] = useDay(today);
  if (!days.length) return null;
  const changeDay = (next: number) => {
    if (isAlways) set({ [ALWAYS]: null }, true);
    setDay(next);
  };
  const months = [today, ...withoutOutliers(days.map((text) => dayOf(text) ?? today))].map(monthOf);
  return (
    <div class="day-control">
      <DaySlider day={day} today={today} onChange={changeDay} first={Math.min(...months)} last={Math.max(...months)}>
        {!isAlways && <ComparisonDayField against={against} />}
        <button type="button" aria-pressed={isAlways} onClick={() => set({ [ALWAYS]: isAlways ? null : "true", [AS_OF]: null })}>
          {w.always}
        </button>
      </DaySlider>
      {isAlways && <span class="quiet">{fill(w.alwaysNote, asOf)}</span>}
    </div>
  );
}

interface SourceProps {
  readonly counts: readonly { readonly iri: string; readonly count: number }[];
  readonly sources: ReadonlyMap<string, Source>;
  readonly selected: string; // IRI, or empty for all
}

/** A menu that filters links by their source. */
export function SourceFilter({ counts, sources, selected }: SourceProps) {
  const w = useWords(words);
  if (!counts.length) return null;
  return (
    <label class="source-filter">
      <span>{w.source}</span>
      <select value={selected} onChange={(event) => set({ says: event.currentTarget.value || null })}>
        <option value="">{w.allSources}</option>
        {counts.map(({ iri, count }) => (
          <option key={iri} value={iri}>
            {sourceName(sources.get(iri), iri)} ({count})
          </option>
        ))}
      </select>
    </label>
  );
}

const MAX_NAME = 90; // characters

/** Returns the publisher, title and day of a source, shortened. */
export function sourceName(source: Source | undefined, iri: string): string {
  const parts = source?.devised ? [source.title, source.devised] : [source?.publisher, source?.title, source?.published];
  const text = source ? [source.unreliable, ...parts].filter(Boolean).join(", ") : iri;
  return text.length > MAX_NAME ? `${text.slice(0, MAX_NAME)}…` : text;
}
