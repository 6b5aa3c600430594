import { useMemo } from "preact/hooks";
import { fold } from "../answer/rows";
import { fill, number, useLanguage, useWords } from "../state/language";
import { set, useRoute } from "../state/route";
import { thingAddress } from "../thing/address";
import { tracing } from "../trace/address";
import { Empty } from "../ui/loaded";
import { type Event, inOrder } from "./events";
import type { Window } from "./window";
import { words } from "./words";

const MOST = 400;

interface Props {
  readonly events: readonly Event[];
  readonly window: Window;
  readonly names: ReadonlyMap<string, string>;
  readonly evidence: (event: Event) => readonly string[];
  readonly hot: number | null;
  readonly heat: (row: number | null) => void;
}

/** The events of the time that is seen, by date: for the keyboard and for those who do not see. */
export function EventList({ events, window, names, evidence, hot, heat }: Props) {
  const w = useWords(words);
  const tongue = useLanguage();
  const filter = useRoute().params.get("filter") ?? "";
  const found = useMemo(() => {
    const sought = fold(filter).split(/\s+/).filter(Boolean);
    const seen = events.filter(({ start, end }) => (start ?? -Infinity) < window.end && (end ?? Infinity) > window.start);
    return inOrder(seen).filter((event) => {
      const text = fold([event.when, event.label, names.get(event.color) ?? ""].join(" "));
      return sought.every((word) => text.includes(word));
    });
  }, [events, window, names, filter]);
  return (
    <div class="list">
      <h2>
        {w.list} <span class="count">{number(found.length, tongue)}</span>
      </h2>
      <input
        type="search"
        aria-label={w.filter}
        placeholder={w.filter}
        value={filter}
        onInput={(event) => set({ filter: event.currentTarget.value }, true)}
      />
      {found.length === 0 && <Empty>{w.nothing}</Empty>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="items" aria-label={w.list} tabIndex={0}>
        <ol>
          {found.slice(0, MOST).map((event) => (
            <li
              key={event.row}
              class={hot === event.row ? "hot" : ""}
              onPointerEnter={() => heat(event.row)}
              onPointerLeave={() => heat(null)}
              onFocusIn={() => heat(event.row)}
              onFocusOut={() => heat(null)}
            >
              <time>{event.when}</time>
              <Name event={event} />
              {evidence(event).length > 0 && (
                <a class="evidence" href={tracing(evidence(event))} aria-label={`${event.label || event.when}: ${w.who}`}>
                  {w.who}
                </a>
              )}
              {names.get(event.color) && <small>{names.get(event.color)}</small>}
            </li>
          ))}
        </ol>
        {found.length > MOST && <p class="quiet">{fill(w.cut, MOST, number(found.length, tongue))}</p>}
      </section>
    </div>
  );
}

/** The name of an event, linked to the page of the entity that it names. */
function Name({ event }: { event: Event }) {
  const text = <bdi>{event.label || event.when}</bdi>;
  return event.entity ? (
    <a class="thing" href={thingAddress(event.entity)}>
      {text}
    </a>
  ) : (
    text
  );
}
