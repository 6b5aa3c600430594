import { scaleLinear } from "d3-scale";
import { useRef } from "preact/hooks";
import type { Colors } from "../state/colors";
import { fill, number, useLanguage, useWords } from "../state/language";
import { traceAddress } from "../trace/address";
import { isoOf, monthOf, monthStart, yearOf } from "../ui/dates";
import { truncate } from "../ui/text";
import { useWidth } from "../ui/width";
import type { Point, Value } from "./data";
import { words } from "./words";

const HEIGHT = 380;
const MARGIN = { top: 26, bottom: 30, left: 74 };
const NAMES = 150; // pixels for the names of lines, where there is room
const ROOMY = 620;
const LETTERS = 21;
const LINE = 14;
const LABEL = 56; // pixels that a tick of time needs

interface Props {
  readonly points: readonly Point[];
  readonly colors: Colors;
  readonly nameOf: (value: Value) => string;
  /** What a value is of besides: metric, geography, kind of value. */
  readonly detailOf: (value: Value) => string;
  readonly evidence: (value: Value) => readonly string[];
  /** Whether each point is a whole year. */
  readonly yearly: boolean;
  readonly unit: string;
  readonly title: string;
}

/** Numbers as they change: a line for each series and kind of value, a mark for each row, a bar for each range. */
export function Lines({ points, colors, nameOf, detailOf, evidence, yearly, unit, title }: Props) {
  const w = useWords(words);
  const tongue = useLanguage();
  const self = useRef<HTMLElement>(null);
  const width = useWidth(self);
  const days = points.map((point) => point.day);
  const numbers = [0, ...points.map((point) => point.number)];
  const [first, last] = [days[0] ?? 0, days.at(-1) ?? 0];
  const right = width > ROOMY ? NAMES : 18;
  const margin = first === last ? 180 : 0;
  const x = scaleLinear([first - margin, last + margin], [MARGIN.left, width - right]);
  const y = scaleLinear(
    [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))],
    [HEIGHT - MARGIN.bottom, MARGIN.top],
  ).nice(5);
  const lines = new Map<string, Point[]>();
  for (const point of points) lines.set(point.line, [...(lines.get(point.line) ?? []), point]);
  const series = new Map(points.map((point) => [point.series, point])); // the last of each
  return (
    <section class="lines" ref={self} aria-label={fill(w.chart, title)}>
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
                {number(tick, tongue)}
              </text>
            </g>
          ))}
          {years(first - margin, last + margin, (width - MARGIN.left - right) / LABEL).map((day) => (
            <text key={day} x={x(day)} y={HEIGHT - 8} text-anchor="middle">
              {yearOf(day)}
            </text>
          ))}
          {[...lines].map(([key, own]) => (
            <path
              key={key}
              class={own[0]?.dashed ? "dashed" : ""}
              d={stretches(greatest(own), yearly)
                .map((part) => `M${part.map((point) => `${x(point.day).toFixed(1)},${y(point.number).toFixed(1)}`).join("L")}`)
                .join("")}
              stroke={colors.of(own[0]?.series ?? "")}
            />
          ))}
          {width > ROOMY &&
            apart([...series.values()].map((point) => ({ point, at: y(point.number) }))).map(({ point, at }) => (
              <text key={point.series} x={width - right + 12} y={at + 4} class="name">
                {truncate(nameOf(point), LETTERS)}
              </text>
            ))}
          {points.map((point) => {
            const range = point.low === null ? "" : `${number(point.low, tongue)} – `;
            const text = [nameOf(point), detailOf(point), isoOf(point.day), `${range}${number(point.number, tongue)}`]
              .filter(Boolean)
              .join(", ");
            return (
              <a key={`${point.row} ${point.column}`} href={traceAddress(evidence(point))} aria-label={`${text}. ${w.who}`}>
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
                <circle
                  class={point.dashed ? "hollow" : ""}
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

/** Of several numbers of one day the line takes the greatest; the others stand beside it. */
function greatest(points: readonly Point[]): Point[] {
  const found = new Map<number, Point>();
  for (const point of points) if (point.number > (found.get(point.day)?.number ?? Number.NEGATIVE_INFINITY)) found.set(point.day, point);
  return [...found.values()];
}

/** The parts of a line of years in which none is missing: nothing is said of those between. */
function stretches(points: readonly Point[], yearly: boolean): Point[][] {
  const found: Point[][] = [];
  for (const point of points) {
    const part = found.at(-1);
    const last = part?.at(-1);
    if (part && last && (!yearly || yearOf(point.day) - yearOf(last.day) <= 1)) part.push(point);
    else found.push([point]);
  }
  return found;
}

/** Names by the ends of their lines, as near as they can be without lying over each other; those for which there is no room are left out. */
function apart(names: readonly { point: Point; at: number }[]): { point: Point; at: number }[] {
  let next = MARGIN.top;
  return [...names]
    .sort((a, b) => a.at - b.at)
    .map(({ point, at }) => {
      const placed = Math.max(next, at);
      next = placed + LINE;
      return { point, at: placed };
    })
    .filter(({ point, at }) => at < HEIGHT - LINE && point.series !== "");
}

/** The first days of years, as many as there is room for. */
function years(first: number, last: number, most: number): number[] {
  const [from, to] = [Math.ceil(monthOf(first) / 12 - 0.0001), yearOf(last)];
  const step = Math.max(1, Math.ceil((to - from + 1) / Math.max(1, most)));
  return Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, place) =>
    monthStart((from + place * step) * 12),
  ).filter((day) => day >= first && day <= last);
}
