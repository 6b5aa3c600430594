import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { type AnswerProps, evidenceOf } from "../answer/roles";
import { fold } from "../answer/rows";
import { isThing } from "../api/types";
import { useColors } from "../state/colors";
import { useDay } from "../state/day";
import { fill, number, useLanguage, useWords } from "../state/language";
import { hrefWith, set, useRoute } from "../state/route";
import { bestStanding, STANDING, useStandings } from "../state/standings";
import { dayOf, isoOf } from "../ui/dates";
import { isAmong, keysOf, namesOf, tally } from "../ui/keys";
import { ColorLegend } from "../ui/legend";
import { Empty } from "../ui/loaded";
import { StandingLegend } from "../ui/standing";
import { each } from "../ui/value";
import { useWidth } from "../ui/width";
import { Axis, WindowButtons } from "./axis";
import { type Event, eventsOf, lanesOf } from "./events";
import { type Band, LaneRow } from "./lane";
import { EventList } from "./list";
import { usePan } from "./pan";
import { ticksOf, useWindow, wholeOf } from "./window";
import { words } from "./words";
import "./timeline.css";

const FIRST = 10;
const MORE = 20;
const ONLY = "only";
const TICK = 74; // pixels for a label

export interface BandOf extends Band {
  /** What it belongs to: the lanes of these have it behind them. */
  readonly lanes: readonly string[];
}

/** Rows through time, in lanes. */
export function AnswerTimeline({ answer, show, bands = [] }: AnswerProps & { readonly bands?: readonly BandOf[] }) {
  const w = useWords(words);
  const tongue = useLanguage();
  const { params } = useRoute();
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const [hot, heat] = useState<number | null>(null);
  const { rows, columns } = answer;
  const today = dayOf(answer.asOf) ?? 0;
  const [day] = useDay(today);
  const choices = (show.lane ?? []).filter((name) => columns.some((column) => column.name === name));
  const lane = choices.find((name) => name === params.get("lane")) ?? choices[0];
  const only = params.getAll(ONLY);
  const labelOf = (name: string | undefined) => columns.find((column) => column.name === name)?.label ?? name ?? "";

  const keys = useMemo(() => (show.color ? rows.flatMap((row) => keysOf(row[show.color as string])) : []), [rows, show]);
  const colors = useColors(keys);
  const events = useMemo(() => {
    const wanted = new Set(only);
    const kept = rows.flatMap((row, place) => (!show.color || isAmong(row[show.color], wanted) ? [place] : []));
    return eventsOf({ answer, show }, kept, tongue);
  }, [answer, rows, show, tongue, only.join(" ")]);
  const all = useMemo(() => eventsOf({ answer, show }, [...rows.keys()], tongue), [answer, rows, show, tongue]);
  const whole = useMemo(() => wholeOf(all, today), [all, today]);
  const [window, look] = useWindow(whole);
  const pan = usePan(window, look, width);

  const sought = fold(params.get("find") ?? "");
  const lanes = useMemo(
    () => lanesOf(events, rows, lane, tongue, w.untold).filter((one) => fold(one.label).includes(sought)),
    [events, rows, lane, tongue, w, sought],
  );
  const count = Math.max(FIRST, Number(params.get("more")) || 0);
  const part = lanes.slice(0, count);
  const kept = useMemo(() => (sought ? [...new Set(lanes.flatMap((one) => one.events))] : events), [events, lanes, sought]);
  const isBanded = params.get("bands") !== "off";
  const ticks = useMemo(() => ticksOf(window, Math.max(2, width / TICK)), [window, width]);
  const evidence = useCallback(
    (event: Event) => {
      const of = (row: number) => [show.label, show.at, show.from].flatMap((name) => (name ? evidenceOf(answer, row, name) : []));
      const own = [...new Set(event.rows.flatMap((row) => (of(row).length ? of(row) : evidenceOf(answer, row))))];
      const what = show.label ? answer.rows[event.row]?.[show.label] : null;
      return own.length
        ? own
        : each(what)
            .filter(isThing)
            .map((one) => one.iri);
    },
    [answer, show],
  );
  const standings = useStandings();
  const standing = useCallback(
    (event: Event) =>
      bestStanding(
        standings,
        event.rows.map((row) => answer.rows[row]?.[STANDING]),
      ),
    [answer, standings],
  );
  const stands = useMemo(() => new Set(events.map(standing)), [events, standing]);
  const names = useMemo(() => namesOf(show.color ? rows.map((row) => row[show.color as string]) : [], tongue), [rows, show, tongue]);
  const undated = rows.length - all.reduce((sum, event) => sum + event.rows.length, 0);

  return (
    <div class="timeline-view">
      <div class="tools">
        {choices.length > 1 && (
          <label class="switch">
            {w.lanes}
            <select value={lane} onChange={(event) => set({ lane: event.currentTarget.value, more: null, find: null })}>
              {choices.map((name) => (
                <option key={name} value={name}>
                  {labelOf(name)}
                </option>
              ))}
            </select>
          </label>
        )}
        {lane && (
          <input
            type="search"
            aria-label={w.find}
            placeholder={w.find}
            value={params.get("find") ?? ""}
            onInput={(event) => set({ find: event.currentTarget.value }, true)}
          />
        )}
        {bands.length > 0 && (
          <label class="switch">
            <input type="checkbox" checked={isBanded} onChange={(event) => set({ bands: event.currentTarget.checked ? null : "off" })} />
            {w.bands}
          </label>
        )}
        <p role="status">{fill(w.shown, number(kept.length, tongue), number(lanes.length, tongue))}</p>
        <WindowButtons window={window} whole={whole} look={look} />
      </div>
      {show.color && (
        <div class="legend" data-picture>
          <ColorLegend
            label={labelOf(show.color)}
            colors={colors}
            names={names}
            counts={tally(rows, show.color)}
            filter={{ key: ONLY, selected: only }}
            shaped
          />
        </div>
      )}
      <div data-picture>
        <StandingLegend label={labelOf(STANDING)} standings={standings.filter((one) => stands.has(one))} />
      </div>
      <div class="beside">
        <div class="picture" data-picture={lanes.length > count ? fill(w.part, count, lanes.length) : ""}>
          <div class="axis">
            <div class="plot" ref={plot}>
              {width > 0 && <Axis window={window} ticks={ticks} width={width} day={day} about={day === today ? w.today : isoOf(day)} />}
            </div>
          </div>
          <div class="lanes" ref={pan}>
            {width > 0 &&
              part.map((one) => (
                <LaneRow
                  key={one.key}
                  lane={one}
                  bands={isBanded ? bandsOf(one.key) : NONE}
                  width={width}
                  window={window}
                  ticks={ticks}
                  day={day}
                  colors={colors}
                  standing={standing}
                  evidence={evidence}
                  hot={one.events.some((event) => event.row === hot) ? hot : null}
                  heat={heat}
                />
              ))}
          </div>
          {lanes.length === 0 && <Empty>{sought ? w.none : w.nothing}</Empty>}
          <p class="further">
            {lanes.length > count && (
              <a href={hrefWith({ more: String(count + MORE) })}>{fill(w.more, Math.min(MORE, lanes.length - count))}</a>
            )}{" "}
            {count > FIRST && <a href={hrefWith({ more: null })}>{w.fewer}</a>}
          </p>
          <p class="quiet hint">{w.hint}</p>
          {undated > 0 && <p class="quiet">{fill(w.undated, number(undated, tongue))}</p>}
        </div>
        <EventList events={kept} window={window} names={names} evidence={evidence} hot={hot} heat={heat} />
      </div>
    </div>
  );

  function bandsOf(key: string): readonly Band[] {
    const own = bands.filter((band) => band.lanes.includes(key));
    return own.length ? own : NONE;
  }
}

const NONE: readonly Band[] = [];
