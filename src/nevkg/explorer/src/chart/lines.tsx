import { scaleLinear } from "d3-scale";
import { useRef } from "preact/hooks";
import { traceAddress } from "../state/address";
import type { Colors } from "../state/colors";
import { fill, number, useLanguage, useWords } from "../state/language";
import { isoOf, monthOf, monthStart, yearOf } from "../ui/dates";
import { useWidth } from "../ui/hooks";
import { truncate } from "../ui/text";
import type { Point, Value } from "./data";
import { words } from "./words";

const HEIGHT = 380;
const MARGIN = { top: 26, bottom: 30, left: 74 };
const NAMES_WIDTH = 150; // pixels
const MIN_WIDTH_FOR_NAMES = 620;
const MAX_NAME_LENGTH = 21;
const LINE_HEIGHT = 14;
const TICK_WIDTH = 56; // pixels for a label of the time axis

interface Props {
  readonly points: readonly Point[];
  readonly colors: Colors;
  readonly nameOf: (value: Value) => string;
  /** Details such as metric, geography and kind of value. */
  readonly detailOf: (value: Value) => string;
  /** What sources do not support enough to be counted, in words; empty if there is none. */
  readonly moreTextOf: (value: Value) => string;
  readonly evidence: (value: Value) => readonly string[];
  /** Whether each point is a whole year. */
  readonly isYearly: boolean;
  readonly unit: string;
  readonly title: string;
}

/** A line chart: a line for each series and kind of value, a mark for each row, a vertical line for each range. */
export function Lines({ points, colors, nameOf, detailOf, moreTextOf, evidence, isYearly, unit, title }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const ref = useRef<HTMLElement>(null);
  const width = useWidth(ref);
  const days = points.map((point) => point.day);
  const numbers = [0, ...points.map((point) => point.number + (point.more ?? 0))];
  const [first, last] = [days[0] ?? 0, days.at(-1) ?? 0];
  const right = width > MIN_WIDTH_FOR_NAMES ? NAMES_WIDTH : 18;
  const margin = first === last ? 180 : 0;
  const x = scaleLinear([first - margin, last + margin], [MARGIN.left, width - right]);
  const y = scaleLinear(
    [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))],
    [HEIGHT - MARGIN.bottom, MARGIN.top],
  ).nice(5);
  const lines = Map.groupBy(points, (point) => point.line);
  const lastPoints = new Map(points.map((point) => [point.series, point]));
  return (
    <section class="lines" ref={ref} aria-label={fill(w.chart, title)}>
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: SVG has no fieldset
        <svg width={width} height={HEIGHT} role="group" aria-label={fill(w.chart, title)}>
          <text class="unit" x="0" y="12">
            {unit}
          </text>
          {y.ticks(5).map((tick) => (
            <g key={tick} transform={`translate(0,${y(tick)})`}>
              <line class={tick === 0 ? "zero" : "grid"} x1={MARGIN.left} x2={width - right} />
              <text x={MARGIN.left - 8} y="4" text-anchor="end">
                {number(tick, lang)}
              </text>
            </g>
          ))}
          {yearTicks(first - margin, last + margin, (width - MARGIN.left - right) / TICK_WIDTH).map((day) => (
            <text key={day} x={x(day)} y={HEIGHT - 8} text-anchor="middle">
              {yearOf(day)}
            </text>
          ))}
          {[...lines].map(([key, line]) => (
            <path
              key={key}
              class={line[0]?.isDashed ? "dashed" : ""}
              d={splitAtGaps(dailyMaxima(line), isYearly)
                .map((part) => `M${part.map((point) => `${x(point.day).toFixed(1)},${y(point.number).toFixed(1)}`).join("L")}`)
                .join("")}
              stroke={colors.of(line[0]?.series ?? "")}
            />
          ))}
          {width > MIN_WIDTH_FOR_NAMES &&
            placeNames([...lastPoints.values()].map((point) => ({ point, at: y(point.number) }))).map(({ point, at }) => (
              <text key={point.series} x={width - right + 12} y={at + 4} class="name">
                {truncate(nameOf(point), MAX_NAME_LENGTH)}
              </text>
            ))}
          {points.map((point) => {
            const range = point.low === null ? "" : `${number(point.low, lang)} – `;
            const text = [nameOf(point), detailOf(point), isoOf(point.day), `${range}${number(point.number, lang)}`, moreTextOf(point)]
              .filter(Boolean)
              .join(", ");
            return (
              <a key={`${point.row} ${point.column}`} href={traceAddress(evidence(point))} aria-label={`${text}. ${w.evidence}`}>
                <title>{text}</title>
                {point.low !== null && (
                  <line
                    class="range"
                    x1={x(point.day)}
                    x2={x(point.day)}
                    y1={y(point.low)}
                    y2={y(point.number)}
                    stroke={colors.of(point.series)}
                  />
                )}
                {point.more !== null && point.more > 0 && (
                  <line
                    class="more"
                    x1={x(point.day)}
                    x2={x(point.day)}
                    y1={y(point.number)}
                    y2={y(point.number + point.more)}
                    stroke={colors.of(point.series)}
                  />
                )}
                <circle
                  class={point.isDashed ? "hollow" : ""}
                  cx={x(point.day)}
                  cy={y(point.number)}
                  r="4.5"
                  fill={colors.of(point.series)}
                  stroke={colors.of(point.series)}
                />
              </a>
            );
          })}
        </svg>
      )}
    </section>
  );
}

/** Returns the greatest point of each day. The line passes through these; the other points are drawn without a line. */
function dailyMaxima(points: readonly Point[]): Point[] {
  const maxima = new Map<number, Point>();
  for (const point of points) if (point.number > (maxima.get(point.day)?.number ?? Number.NEGATIVE_INFINITY)) maxima.set(point.day, point);
  return [...maxima.values()];
}

/** Splits a line of years where a year is missing: the line must not suggest a value for it. */
function splitAtGaps(points: readonly Point[], isYearly: boolean): Point[][] {
  const parts: Point[][] = [];
  for (const point of points) {
    const part = parts.at(-1);
    const last = part?.at(-1);
    if (part && last && (!isYearly || yearOf(point.day) - yearOf(last.day) <= 1)) part.push(point);
    else parts.push([point]);
  }
  return parts;
}

/** Places names next to the ends of their lines without overlap, and omits names without enough space. */
function placeNames(names: readonly { point: Point; at: number }[]): { point: Point; at: number }[] {
  let next = MARGIN.top;
  return [...names]
    .sort((a, b) => a.at - b.at)
    .map(({ point, at }) => {
      const free = Math.max(next, at);
      next = free + LINE_HEIGHT;
      return { point, at: free };
    })
    .filter(({ point, at }) => at < HEIGHT - LINE_HEIGHT && point.series !== "");
}

/** Returns the first days of years for the ticks of the time axis. */
function yearTicks(first: number, last: number, maxTicks: number): number[] {
  const [from, to] = [Math.ceil(monthOf(first) / 12 - 0.0001), yearOf(last)];
  const step = Math.max(1, Math.ceil((to - from + 1) / Math.max(1, maxTicks)));
  return Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, index) =>
    monthStart((from + index * step) * 12),
  ).filter((day) => day >= first && day <= last);
}
