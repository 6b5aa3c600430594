import { useWords } from "../state/language";
import { widthOf } from "../ui/text";
import { moved, type Tick, type Window, zoomed } from "./window";
import { words } from "./words";

const NEARER = 0.6;
const SIZE = 12.5;

interface AxisProps {
  readonly window: Window;
  readonly ticks: readonly Tick[];
  readonly width: number;
  /** The day that is marked, and what it is. */
  readonly day: number;
  readonly about: string;
}

/** The years or months above the lanes. */
export function Axis({ window, ticks, width, day, about }: AxisProps) {
  const x = (day: number) => ((day - window.start) / (window.end - window.start)) * width;
  const isSeen = day > window.start && day < window.end;
  return (
    <svg width={width} height="26" aria-hidden="true">
      {ticks.map(({ day, label }) => (
        <g key={day} transform={`translate(${x(day)},0)`}>
          <line class="grid" y1="20" y2="26" />
          {x(day) + 3 + widthOf(label, SIZE) < width && (
            <text x="3" y="16">
              {label}
            </text>
          )}
        </g>
      ))}
      {isSeen && (
        <path class="now" d={`M${x(day) - 4},19h8l-4,7z`}>
          <title>{about}</title>
        </path>
      )}
    </svg>
  );
}

/** Closer and farther, earlier and later, for those who do not drag. */
export function WindowButtons({ window, whole, look }: { window: Window; whole: Window; look: (next: Window | null) => void }) {
  const w = useWords(words);
  const middle = (window.start + window.end) / 2;
  const third = (window.end - window.start) / 3;
  const buttons: readonly (readonly [string, string, () => void])[] = [
    ["←", w.earlier, () => look(moved(window, -third))],
    ["→", w.later, () => look(moved(window, third))],
    ["+", w.in, () => look(zoomed(window, NEARER, middle))],
    ["−", w.out, () => look(zoomed(window, 1 / NEARER, middle))],
  ];
  const isWhole = window.start === whole.start && window.end === whole.end;
  return (
    <div class="views steps">
      {buttons.map(([sign, name, act]) => (
        <button key={sign} type="button" aria-label={name} title={name} onClick={act}>
          {sign}
        </button>
      ))}
      <button type="button" disabled={isWhole} onClick={() => look(null)}>
        {w.all}
      </button>
    </div>
  );
}
