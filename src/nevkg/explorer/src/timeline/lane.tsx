import { memo } from "preact/compat";
import type { Colors } from "../state/colors";
import { fill, useWords } from "../state/language";
import { dashArray, type Standing } from "../state/standings";
import { tracing } from "../trace/address";
import { isDay } from "../ui/dates";
import { Shape } from "../ui/shapes";
import { Ring } from "../ui/standing";
import { shortened, widthOf } from "../ui/text";
import { type Event, inOrder, type Lane } from "./events";
import { pack } from "./pack";
import type { Tick, Window } from "./window";
import { words } from "./words";

const ROW = 19;
const TIGHT = 11; // a row that has no labels
const BAND = 17;
const SIZE = 12.5;
const LETTERS = 38;
const MOST = 7; // rows with labels
const DOT = 4.6;
const DASH = 9; // the least of a bar, so that a month is seen from far

/** What lasts, behind what happens. */
export interface Band extends Event {
  readonly evidence: readonly string[];
}

interface Props {
  readonly lane: Lane;
  readonly bands: readonly Band[];
  readonly width: number;
  readonly window: Window;
  readonly ticks: readonly Tick[];
  readonly day: number;
  readonly colors: Colors;
  readonly standing: (event: Event) => Standing | undefined;
  readonly evidence: (event: Event) => readonly string[];
  readonly hot: number | null;
  readonly heat: (row: number | null) => void;
}

/** The events of one lane, and what was behind them. */
export const LaneRow = memo(({ lane, bands, width, window, ticks, day, colors, standing, evidence, hot, heat }: Props) => {
  const w = useWords(words);
  const x = (day: number) => ((day - window.start) / (window.end - window.start)) * width;
  const box = (event: Event, label: string) => {
    const left = event.start === null ? -9 : x(event.start);
    const right = event.end === null ? width + 9 : x(event.end);
    const dot = isDay(event);
    const middle = (left + right) / 2;
    return dot
      ? { left: middle - DOT, right: middle + DOT, label: widthOf(label, SIZE) }
      : { left: Math.max(-9, left), right: Math.min(width + 9, Math.max(right, left + DASH)), label: widthOf(label, SIZE) };
  };
  const seen = <T extends Event>(all: readonly T[]) =>
    inOrder(
      all.filter(({ start, end }) => (start ?? Number.NEGATIVE_INFINITY) < window.end && (end ?? Number.POSITIVE_INFINITY) > window.start),
    );
  const [behind, events] = [seen(bands), seen(lane.events)];
  const spans = behind.map((band) => ({ band, ...box(band, "") }));
  const stripped = pack(spans, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const strips = spans.map(({ band, left, right }, place) => {
    const begin = Math.max(0, left);
    const y = 2 + (stripped.placed[place]?.row ?? 0) * BAND;
    return { band, begin, long: Math.max(1, Math.min(width, right) - begin), y };
  });
  const top = behind.length ? stripped.rows * BAND + 4 : 0;
  const boxes = events
    .map((event) => ({ event, leads: event.lasts, ...box(event, shortened(event.label, LETTERS)) }))
    .sort((a, b) => a.left - b.left);
  const { placed, rows } = pack(boxes, width, MOST);
  const offset = (row: number) => Math.min(row, MOST) * ROW + Math.max(0, row - MOST) * TIGHT;
  const height = top + offset(rows) + 8;
  return (
    <section class="lane">
      <h2 title={lane.label}>
        <bdi>{lane.label}</bdi> <span class="count">{lane.events.length}</span>
      </h2>
      {/* biome-ignore lint/a11y/useSemanticElements: SVG has no fieldset */}
      <svg width={width} height={height} role="group" aria-label={fill(w.lane, lane.label, lane.events.length)}>
        {ticks.map((tick) => (
          <line key={tick.day} class="grid" x1={x(tick.day)} x2={x(tick.day)} y1="0" y2={height} />
        ))}
        <line class="today" x1={x(day)} x2={x(day)} y1="0" y2={height} />
        {strips.map(({ band, begin, long, y }) => (
          <rect key={band.row} class="behind" x={begin} y={y} width={long} height={height - y} />
        ))}
        {strips.map(({ band, begin, long, y }) => {
          const room = Math.floor((long - 8) / (SIZE * 0.5));
          return (
            <a key={band.row} class="band" href={tracing(band.evidence)} tabindex={-1}>
              <title>{`${band.label}: ${band.when}`}</title>
              <rect class="strip" x={begin} y={y} width={long} height={BAND - 2} />
              {room > 4 && (
                <text x={begin + 5} y={y + BAND - 6}>
                  {shortened(band.label, room)}
                </text>
              )}
            </a>
          );
        })}
        {boxes.map(({ event, left, right }, place) => {
          const { row, labelled } = placed[place] ?? { row: 0, labelled: null };
          return (
            <g
              key={event.row}
              class={`event${hot === event.row ? " hot" : ""}`}
              transform={`translate(0,${top + 4 + offset(row) + (row < MOST ? ROW : TIGHT) / 2})`}
              onPointerEnter={() => heat(event.row)}
              onPointerLeave={() => heat(null)}
            >
              <a href={tracing(evidence(event))} tabindex={-1}>
                <title>{`${event.when}: ${event.label}`}</title>
                <Mark event={event} left={left} right={right} width={width} colors={colors} standing={standing(event)} />
                {labelled && (
                  <text
                    x={labelled === "behind" ? Math.max(right, 0) + 5 : left - 8}
                    y={SIZE * 0.34}
                    text-anchor={labelled === "behind" ? "start" : "end"}
                  >
                    {shortened(event.label, LETTERS)}
                  </text>
                )}
              </a>
            </g>
          );
        })}
      </svg>
    </section>
  );
});

const SHORT = 40;
const FADE = [0.75, 0.5, 0.25];

interface MarkProps {
  readonly event: Event;
  readonly left: number;
  readonly right: number;
  readonly width: number;
  readonly colors: Colors;
  readonly standing: Standing | undefined;
}

/** A shape at its day; with a bar through all its time if it lasts, with a thin one if it is some day of that time. */
function Mark({ event: { start, end, lasts, color: key }, left, right, width, colors, standing }: MarkProps) {
  const color = colors.of(key);
  const high = lasts ? 7.2 : 2.6;
  const step = Math.min(14, (right - left) / 6);
  const [from, to] = [start === null ? left + step * 3 : left, end === null ? right - step * 3 : right];
  const middle = (Math.max(0, from) + Math.min(width, to)) / 2;
  const at = start === null ? to : end === null ? from : lasts && !isDay({ start, end }) ? from + DOT : middle;
  const isRinged = isDay({ start, end }) || to - from < SHORT; // its dashes would not be seen below it
  return (
    <>
      {!isDay({ start, end }) && <rect x={from} y={-high / 2} width={Math.max(DASH, to - from)} height={high} rx={1} fill={color} />}
      {FADE.map((opacity, place) => (
        <g key={opacity} fill={color} opacity={opacity}>
          {end === null && <rect x={to + step * place} y={-high / 2} width={step} height={high} />}
          {start === null && <rect x={from - step * (place + 1)} y={-high / 2} width={step} height={high} />}
        </g>
      ))}
      {standing && !isRinged && (
        <path
          d={`M${from} ${high / 2 + 2.5}H${Math.max(from + DASH, to)}`}
          stroke="var(--ink)"
          stroke-width="1.2"
          stroke-dasharray={dashArray(standing, 1.2)}
        />
      )}
      <g class="shape" transform={`translate(${at},0)`}>
        {isRinged && <Ring r={DOT + 2.4} standing={standing} />}
        <Shape shape={colors.indexOf(key)} color={color} size={DOT} />
      </g>
    </>
  );
}
