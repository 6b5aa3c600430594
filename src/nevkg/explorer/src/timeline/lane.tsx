// A lane: its events, packed into as few rows as possible.
import { memo } from "preact/compat";
import { traceAddress } from "../state/address";
import type { Colors } from "../state/colors";
import { fill, useWords } from "../state/language";
import { dashArray, type Standing } from "../state/standings";
import { isDay } from "../ui/dates";
import { Ring, Shape } from "../ui/legend";
import { estimateWidth } from "../ui/text";
import { type Event, type Lane, sortByTime } from "./events";
import type { Tick, Window } from "./window";
import { words } from "./words";

interface Box {
  readonly left: number;
  readonly right: number;
  /** The width of the label. */
  readonly label: number;
  /** Whether the label may go before the box if there is no room after it. */
  readonly allowsLabelBefore?: boolean;
}

export interface Placement {
  readonly row: number;
  readonly labelSide: "after" | "before" | null;
}

const GAP = 6;

/** Packs boxes that are sorted by their left edge. Boxes that need more than `maxLabelledRows` rows have no label. */
export function pack(
  boxes: readonly Box[],
  width: number,
  maxLabelledRows: number,
): { readonly placements: readonly Placement[]; readonly rows: number } {
  const ends: number[] = [];
  const firstFreeRow = (begin: number) => ends.findIndex((end) => end <= begin);
  const place = (row: number, end: number, labelSide: Placement["labelSide"]): Placement => {
    ends[row] = end + GAP;
    return { row, labelSide };
  };
  const placeLabelled = (begin: number, end: number, labelSide: Placement["labelSide"]): Placement | null => {
    const row = firstFreeRow(begin) < 0 ? ends.length : firstFreeRow(begin);
    return row < maxLabelledRows ? place(row, end, labelSide) : null;
  };
  const placements = boxes.map(({ left, right, label, allowsLabelBefore }) => {
    const [begin, end] = [left - 2 * GAP - label, right + GAP + label];
    const withLabel =
      end <= width ? placeLabelled(left, end, "after") : allowsLabelBefore && begin >= 0 ? placeLabelled(begin, right, "before") : null;
    return withLabel ?? place(firstFreeRow(left) < 0 ? ends.length : firstFreeRow(left), right - GAP / 2, null);
  });
  return { placements, rows: Math.max(1, ends.length) };
}

const ROW_HEIGHT = 19;
const UNLABELLED_ROW_HEIGHT = 11;
const BAND_HEIGHT = 17;
const FONT_SIZE = 12.5;
const MAX_LABELLED_ROWS = 7;
const DOT_RADIUS = 4.6;
const MIN_BAR_WIDTH = 9; // keeps a month visible when zoomed out

/** A period that is drawn behind the events. */
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
  readonly hoveredRow: number | null;
  readonly setHoveredRow: (row: number | null) => void;
}

/** The events of one lane, with its bands behind them. */
export const LaneRow = memo(({ lane, bands, width, window, ticks, day, colors, standing, evidence, hoveredRow, setHoveredRow }: Props) => {
  const w = useWords(words);
  const x = (day: number) => ((day - window.start) / (window.end - window.start)) * width;
  const box = (event: Event, label: string) => {
    const left = event.start === null ? -9 : x(event.start);
    const right = event.end === null ? width + 9 : x(event.end);
    const middle = (left + right) / 2;
    return isDay(event)
      ? { left: middle - DOT_RADIUS, right: middle + DOT_RADIUS, label: estimateWidth(label, FONT_SIZE) }
      : {
          left: Math.max(-9, left),
          right: Math.min(width + 9, Math.max(right, left + MIN_BAR_WIDTH)),
          label: estimateWidth(label, FONT_SIZE),
        };
  };
  const visible = <T extends Event>(all: readonly T[]) =>
    sortByTime(
      all.filter(({ start, end }) => (start ?? Number.NEGATIVE_INFINITY) < window.end && (end ?? Number.POSITIVE_INFINITY) > window.start),
    );
  const [visibleBands, events] = [visible(bands), visible(lane.events)];
  const spans = visibleBands.map((band) => ({ band, ...box(band, "") }));
  const packedBands = pack(spans, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const strips = spans.map(({ band, left, right }, index) => {
    const begin = Math.max(0, left);
    const y = 2 + (packedBands.placements[index]?.row ?? 0) * BAND_HEIGHT;
    return { band, begin, length: Math.max(1, Math.min(width, right) - begin), y };
  });
  const top = visibleBands.length ? packedBands.rows * BAND_HEIGHT + 4 : 0;
  const boxes = events
    .map((event) => ({ event, allowsLabelBefore: event.lasts, ...box(event, event.label) }))
    .sort((a, b) => a.left - b.left);
  const { placements, rows } = pack(boxes, width, MAX_LABELLED_ROWS);
  const offset = (row: number) =>
    Math.min(row, MAX_LABELLED_ROWS) * ROW_HEIGHT + Math.max(0, row - MAX_LABELLED_ROWS) * UNLABELLED_ROW_HEIGHT;
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
        {strips.map(({ band, begin, length, y }) => (
          <rect key={band.row} class="behind" x={begin} y={y} width={length} height={height - y} />
        ))}
        {strips.map(({ band, begin, length, y }) => {
          return (
            <a key={band.row} class="band" href={traceAddress(band.evidence)} tabindex={-1}>
              <title>{`${band.label}: ${band.when}`}</title>
              <rect class="strip" x={begin} y={y} width={length} height={BAND_HEIGHT - 2} />
              {estimateWidth(band.label, FONT_SIZE) <= length - 10 && (
                <text x={begin + 5} y={y + BAND_HEIGHT - 6}>
                  {band.label}
                </text>
              )}
            </a>
          );
        })}
        {boxes.map(({ event, left, right }, index) => {
          const { row, labelSide } = placements[index] ?? { row: 0, labelSide: null };
          return (
            <g
              key={event.row}
              class={`event${hoveredRow === event.row ? " hot" : ""}`}
              transform={`translate(0,${top + 4 + offset(row) + (row < MAX_LABELLED_ROWS ? ROW_HEIGHT : UNLABELLED_ROW_HEIGHT) / 2})`}
              onPointerEnter={() => setHoveredRow(event.row)}
              onPointerLeave={() => setHoveredRow(null)}
            >
              <a href={traceAddress(evidence(event))} tabindex={-1}>
                <title>{`${event.when}: ${event.label}`}</title>
                <Mark event={event} left={left} right={right} width={width} colors={colors} standing={standing(event)} />
                {labelSide && (
                  <text
                    x={labelSide === "after" ? Math.max(right, 0) + 5 : left - 8}
                    y={FONT_SIZE * 0.34}
                    text-anchor={labelSide === "after" ? "start" : "end"}
                  >
                    {event.label}
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

const SHORT_BAR = 40;
const FADE_OPACITIES = [0.75, 0.5, 0.25];

interface MarkProps {
  readonly event: Event;
  readonly left: number;
  readonly right: number;
  readonly width: number;
  readonly colors: Colors;
  readonly standing: Standing | undefined;
}

/** The mark of an event: a shape at its day, on a thick bar if the event lasts, on a thin bar if its day in the period is unknown. */
function Mark({ event: { start, end, lasts, color: key }, left, right, width, colors, standing }: MarkProps) {
  const color = colors.of(key);
  const barHeight = lasts ? 7.2 : 2.6;
  const step = Math.min(14, (right - left) / 6);
  const [from, to] = [start === null ? left + step * 3 : left, end === null ? right - step * 3 : right];
  const middle = (Math.max(0, from) + Math.min(width, to)) / 2;
  const at = start === null ? to : end === null ? from : lasts && !isDay({ start, end }) ? from + DOT_RADIUS : middle;
  const hasRing = isDay({ start, end }) || to - from < SHORT_BAR; // too short for a dashed line below it
  return (
    <>
      {!isDay({ start, end }) && (
        <rect x={from} y={-barHeight / 2} width={Math.max(MIN_BAR_WIDTH, to - from)} height={barHeight} rx={1} fill={color} />
      )}
      {FADE_OPACITIES.map((opacity, index) => (
        <g key={opacity} fill={color} opacity={opacity}>
          {end === null && <rect x={to + step * index} y={-barHeight / 2} width={step} height={barHeight} />}
          {start === null && <rect x={from - step * (index + 1)} y={-barHeight / 2} width={step} height={barHeight} />}
        </g>
      ))}
      {standing && !hasRing && (
        <path
          d={`M${from} ${barHeight / 2 + 2.5}H${Math.max(from + MIN_BAR_WIDTH, to)}`}
          stroke="var(--ink)"
          stroke-width="1.2"
          stroke-dasharray={dashArray(standing, 1.2)}
        />
      )}
      <g class="shape" transform={`translate(${at},0)`}>
        {hasRing && <Ring r={DOT_RADIUS + 2.4} standing={standing} />}
        <Shape shape={colors.indexOf(key)} color={color} size={DOT_RADIUS} />
      </g>
    </>
  );
}
