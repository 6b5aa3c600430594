import { useMemo } from "preact/hooks";
import { entityAddress, traceAddress } from "../state/address";
import { fill, number, useLanguage, useWords } from "../state/language";
import { set, useRoute } from "../state/route";
import { FilterField } from "../ui/controls";
import { Empty } from "../ui/loading";
import { matcherOf } from "../ui/text";
import { type Event, sortByTime } from "./events";
import type { Window } from "./window";
import { words } from "./words";

const MAX_EVENTS = 400;

interface Props {
  readonly events: readonly Event[];
  readonly window: Window;
  readonly names: ReadonlyMap<string, string>;
  readonly evidence: (event: Event) => readonly string[];
  readonly hoveredRow: number | null;
  readonly setHoveredRow: (row: number | null) => void;
}

/** The events in the window, by date; the accessible alternative to the lanes. */
export function EventList({ events, window, names, evidence, hoveredRow, setHoveredRow }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const filter = useRoute().params.get("filter") ?? "";
  const listed = useMemo(() => {
    const isMatch = matcherOf(filter);
    const visible = events.filter(({ start, end }) => (start ?? -Infinity) < window.end && (end ?? Infinity) > window.start);
    return sortByTime(visible).filter((event) => isMatch([event.when, event.label, names.get(event.color) ?? ""].join(" ")));
  }, [events, window, names, filter]);
  return (
    <div class="list">
      <h2>
        {w.list} <span class="count">{number(listed.length, lang)}</span>
      </h2>
      <FilterField label={w.filterList} value={filter} change={(value) => set({ filter: value }, true)} isCompact />
      {listed.length === 0 && <Empty>{w.nothing}</Empty>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be focusable */}
      <section class="items" aria-label={w.list} tabIndex={0}>
        <ol>
          {listed.slice(0, MAX_EVENTS).map((event) => (
            <li
              key={event.row}
              class={hoveredRow === event.row ? "hot" : ""}
              onPointerEnter={() => setHoveredRow(event.row)}
              onPointerLeave={() => setHoveredRow(null)}
              onFocusIn={() => setHoveredRow(event.row)}
              onFocusOut={() => setHoveredRow(null)}
            >
              <time>{event.when}</time>
              <Name event={event} />
              {evidence(event).length > 0 && (
                <a class="evidence" href={traceAddress(evidence(event))} aria-label={`${event.label || event.when}: ${w.evidence}`}>
                  {w.evidence}
                </a>
              )}
              {names.get(event.color) && <small>{names.get(event.color)}</small>}
            </li>
          ))}
        </ol>
        {listed.length > MAX_EVENTS && <p class="quiet">{fill(w.truncated, MAX_EVENTS, number(listed.length, lang))}</p>}
      </section>
    </div>
  );
}

/** The name of an event, linked to the page of the entity that it names. */
function Name({ event }: { event: Event }) {
  const text = <bdi>{event.label || event.when}</bdi>;
  return event.entity ? (
    <a class="thing" href={entityAddress(event.entity)}>
      {text}
    </a>
  ) : (
    text
  );
}
