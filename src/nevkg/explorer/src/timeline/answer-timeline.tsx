import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { type AnswerProps, columnLabel, evidenceOf } from "../answer/roles";
import { isThing } from "../api/types";
import { useColumnColors } from "../state/colors";
import { useDay } from "../state/day";
import { fill, number, useLanguage, useWords } from "../state/language";
import { hrefWith, set, useRoute } from "../state/route";
import { bestStanding, STANDING, useStandings } from "../state/standings";
import { Choice, FilterField } from "../ui/controls";
import { dayOf, isoOf } from "../ui/dates";
import { useWidth } from "../ui/hooks";
import { ColorLegend, StandingLegend } from "../ui/legend";
import { Empty } from "../ui/loading";
import { fold } from "../ui/text";
import { countBy, each, hasSelectedValue, namesOf } from "../ui/values";
import { Axis, WindowButtons } from "./axis";
import { type Event, eventsOf, lanesOf } from "./events";
import { type Band, LaneRow } from "./lane";
import { EventList } from "./list";
import { ticksOf, usePan, useWindow, wholeOf } from "./window";
import { words } from "./words";
import "./timeline.css";

const INITIAL_LANES = 10;
const LANES_STEP = 20;
const ONLY = "only";
const TICK_WIDTH = 74; // pixels for a label

export interface LaneBand extends Band {
  /** The keys of the lanes that show the band. */
  readonly lanes: readonly string[];
}

/** The rows of an answer as events in lanes along a time axis. */
export function AnswerTimeline({ answer, show, bands = [] }: AnswerProps & { readonly bands?: readonly LaneBand[] }) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const [hoveredRow, setHoveredRow] = useState<number | null>(null);
  const { rows, columns } = answer;
  const today = dayOf(answer.asOf) ?? 0;
  const [day] = useDay(today);
  const choices = (show.lane ?? []).filter((name) => columns.some((column) => column.name === name));
  const lane = choices.find((name) => name === params.get("lane")) ?? choices[0];
  const only = params.getAll(ONLY);
  const labelOf = (name: string | undefined) => columnLabel(columns, name);

  const colors = useColumnColors(rows, show.color);
  const events = useMemo(() => {
    const selected = new Set(only);
    const visible = rows.flatMap((row, index) => (!show.color || hasSelectedValue(row[show.color], selected) ? [index] : []));
    return eventsOf({ answer, show }, visible, lang);
  }, [answer, rows, show, lang, only.join(" ")]);
  const all = useMemo(() => eventsOf({ answer, show }, [...rows.keys()], lang), [answer, rows, show, lang]);
  const whole = useMemo(() => wholeOf(all, today), [all, today]);
  const [window, setWindow] = useWindow(whole);
  const pan = usePan(window, setWindow, width);

  const search = fold(params.get("find") ?? "");
  const lanes = useMemo(
    () => lanesOf(events, rows, lane, lang, w.unstated).filter((candidate) => fold(candidate.label).includes(search)),
    [events, rows, lane, lang, w, search],
  );
  const count = Math.max(INITIAL_LANES, Number(params.get("more")) || 0);
  const listedEvents = useMemo(() => (search ? [...new Set(lanes.flatMap(({ events }) => events))] : events), [events, lanes, search]);
  const hasBands = params.get("bands") !== "off";
  const ticks = useMemo(() => ticksOf(window, Math.max(2, width / TICK_WIDTH)), [window, width]);
  const evidence = useCallback(
    (event: Event) => {
      const ofRow = (row: number) => [show.label, show.at, show.from].flatMap((name) => (name ? evidenceOf(answer, row, name) : []));
      const own = [...new Set(event.rows.flatMap((row) => (ofRow(row).length ? ofRow(row) : evidenceOf(answer, row))))];
      const label = show.label ? answer.rows[event.row]?.[show.label] : null;
      return own.length
        ? own
        : each(label)
            .filter(isThing)
            .map(({ iri }) => iri);
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
  const eventStandings = useMemo(() => new Set(events.map(standing)), [events, standing]);
  const names = useMemo(() => namesOf(show.color ? rows.map((row) => row[show.color as string]) : [], lang), [rows, show, lang]);
  const counts = useMemo(() => countBy(all.map(({ color }) => color)), [all]);
  const undated = rows.length - all.reduce((sum, event) => sum + event.rows.length, 0);

  return (
    <div class="timeline-view">
      <div class="tools">
        {choices.length > 1 && (
          <Choice
            label={w.groupBy}
            value={lane ?? ""}
            options={choices.map((name) => [name, labelOf(name)])}
            choose={(name) => set({ lane: name, more: null, find: null })}
          />
        )}
        {lane && <FilterField label={w.find} value={params.get("find") ?? ""} change={(value) => set({ find: value }, true)} isCompact />}
        {bands.length > 0 && (
          <label class="switch">
            <input type="checkbox" checked={hasBands} onChange={(event) => set({ bands: event.currentTarget.checked ? null : "off" })} />
            {w.bands}
          </label>
        )}
        <p role="status">{fill(w.counts, number(listedEvents.length, lang), number(lanes.length, lang))}</p>
        <WindowButtons window={window} whole={whole} setWindow={setWindow} />
      </div>
      {show.color && (
        <div class="legend" data-picture>
          <ColorLegend
            label={labelOf(show.color)}
            colors={colors}
            names={names}
            counts={counts}
            filter={{ key: ONLY, selected: only }}
            hasShapes
          />
        </div>
      )}
      <div data-picture>
        <StandingLegend label={labelOf(STANDING)} standings={standings.filter((entry) => eventStandings.has(entry))} />
      </div>
      <div class="beside">
        <div class="picture" data-picture={lanes.length > count ? fill(w.firstLanes, count, lanes.length) : ""}>
          <div class="axis">
            <div class="plot" ref={plot}>
              {width > 0 && <Axis window={window} ticks={ticks} width={width} day={day} title={day === today ? w.today : isoOf(day)} />}
            </div>
          </div>
          <div class="lanes" ref={pan}>
            {width > 0 &&
              lanes
                .slice(0, count)
                .map((item) => (
                  <LaneRow
                    key={item.key}
                    lane={item}
                    bands={hasBands ? bandsOf(item.key) : NO_BANDS}
                    width={width}
                    window={window}
                    ticks={ticks}
                    day={day}
                    colors={colors}
                    standing={standing}
                    evidence={evidence}
                    hoveredRow={item.events.some((event) => event.row === hoveredRow) ? hoveredRow : null}
                    setHoveredRow={setHoveredRow}
                  />
                ))}
          </div>
          {lanes.length === 0 && <Empty>{search ? w.none : w.nothing}</Empty>}
          <p class="further">
            {lanes.length > count && (
              <a href={hrefWith({ more: String(count + LANES_STEP) })}>{fill(w.more, Math.min(LANES_STEP, lanes.length - count))}</a>
            )}{" "}
            {count > INITIAL_LANES && <a href={hrefWith({ more: null })}>{w.fewer}</a>}
          </p>
          <p class="quiet hint">{w.hint}</p>
          {undated > 0 && <p class="quiet">{fill(w.undated, number(undated, lang))}</p>}
        </div>
        <EventList
          events={listedEvents}
          window={window}
          names={names}
          evidence={evidence}
          hoveredRow={hoveredRow}
          setHoveredRow={setHoveredRow}
        />
      </div>
    </div>
  );

  function bandsOf(key: string): readonly Band[] {
    const own = bands.filter((band) => band.lanes.includes(key));
    return own.length ? own : NO_BANDS;
  }
}

// One array for all renders, so that memoised lanes do not render again.
const NO_BANDS: readonly Band[] = [];
