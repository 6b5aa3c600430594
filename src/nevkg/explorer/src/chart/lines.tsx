import { scaleLinear } from "d3-scale";
import { useRef } from "preact/hooks";
import { wrap } from "../picture/text";
import { traceAddress } from "../state/address";
import type { Colors } from "../state/colors";
import { fill, number, useLanguage, useWords } from "../state/language";
import { isoOf, monthOf, monthStart, yearOf } from "../ui/dates";
import { useWidth } from "../ui/hooks";
import { estimateWidth } from "../ui/text";
import type { Point, Value } from "./data";
import { words } from "./words";

const HEIGHT = 380;
const MARGIN = { top: 26, bottom: 30, left: 74 };
const NAMES_WIDTH = 150; // pixels
const MIN_WIDTH_FOR_NAMES = 620;
const NAME_SIZE = 13; // pixels
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
  // Actual values are drawn last, over targets that may cover them, and have the names.
  const painted = [...points].sort((a, b) => Number(b.isDashed) - Number(a.isDashed));
  const lastPoints = new Map(painted.filter(({ series }) => colors.keys.includes(series)).map((point) => [point.series, point]));
  const names = [...lastPoints.values()].map((point) => ({
    point,
    at: y(point.number),
    lines: wrap(nameOf(point), right - 14, (text) => estimateWidth(text, NAME_SIZE)),
  }));
  const timeOf = (point: Point) => (isYearly ? String(yearOf(point.day)) : isoOf(point.day));
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
          {sortByDash([...lines]).map(([key, line]) => (
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
            placeNames(names).map(({ point, at, lines }) => (
              <g key={point.series}>
                <path
                  class="leader"
                  d={`M${x(point.day) + 6},${y(point.number)}L${Math.max(x(point.day) + 6, width - right)},${y(point.number)}L${width - right + 10},${at}`}
                  stroke={colors.of(point.series)}
                />
                {lines.map((line, index) => (
                  <text key={line} x={width - right + 12} y={at + 4 + index * LINE_HEIGHT} class="name">
                    {line}
                  </text>
                ))}
              </g>
            ))}
          {painted.map((point) => {
            const range = point.low === null ? "" : `${number(point.low, lang)} – `;
            const text = [nameOf(point), detailOf(point), timeOf(point), `${range}${number(point.number, lang)}`, moreTextOf(point)]
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

interface Name {
  readonly point: Point;
  readonly at: number;
  readonly lines: readonly string[];
}

/** Places names at the height of their points, or as near as possible without overlap, and omits those without enough space. */
export function placeNames(names: readonly Name[]): Name[] {
  const bottom = HEIGHT - MARGIN.bottom;
  const fitting: Name[] = [];
  let height = 0;
  for (const name of names) {
    height += name.lines.length * LINE_HEIGHT;
    if (height <= bottom - MARGIN.top) fitting.push(name);
  }
  const placed: Name[] = [];
  let next = MARGIN.top;
  for (const name of fitting.sort((a, b) => a.at - b.at)) {
    const at = Math.max(next, name.at);
    next = at + name.lines.length * LINE_HEIGHT;
    placed.push({ ...name, at });
  }
  // Names that would be below the axis move up, and those above them, too.
  let limit = bottom;
  return placed.reverse().map((name) => {
    const at = Math.min(name.at, limit - (name.lines.length - 1) * LINE_HEIGHT);
    limit = at - LINE_HEIGHT;
    return { ...name, at };
  });
}

/** Sorts lines so that those of actual values are drawn over the others. */
function sortByDash(lines: readonly [string, Point[]][]): [string, Point[]][] {
  const isDashed = ([, [first]]: [string, Point[]]) => Number(first?.isDashed ?? false);
  return [...lines].sort((a, b) => isDashed(b) - isDashed(a));
}

/** Returns the first days of years for the ticks of the time axis. */
function yearTicks(first: number, last: number, maxTicks: number): number[] {
  const [from, to] = [Math.ceil(monthOf(first) / 12 - 0.0001), yearOf(last)];
  const step = Math.max(1, Math.ceil((to - from + 1) / Math.max(1, maxTicks)));
  return Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, index) =>
    monthStart((from + index * step) * 12),
  ).filter((day) => day >= first && day <= last);
}
