import { useWords } from "../state/language";
import { SignButtons } from "../ui/controls";
import { estimateWidth } from "../ui/text";
import { shift, type Tick, type Window, zoom } from "./window";
import { words } from "./words";

const ZOOM_IN = 0.6;
const FONT_SIZE = 12.5;

interface AxisProps {
  readonly window: Window;
  readonly ticks: readonly Tick[];
  readonly width: number;
  /** The marked day and its tooltip. */
  readonly day: number;
  readonly title: string;
}

/** The axis of years or months above the lanes. */
export function Axis({ window, ticks, width, day, title }: AxisProps) {
  const x = (day: number) => ((day - window.start) / (window.end - window.start)) * width;
  const isVisible = day > window.start && day < window.end;
  return (
    <svg width={width} height="26" aria-hidden="true">
      {ticks.map(({ day, label }) => (
        <g key={day} transform={`translate(${x(day)},0)`}>
          <line class="grid" y1="20" y2="26" />
          {x(day) + 3 + estimateWidth(label, FONT_SIZE) < width && (
            <text x="3" y="16">
              {label}
            </text>
          )}
        </g>
      ))}
      {isVisible && (
        <path class="now" d={`M${x(day) - 4},19h8l-4,7z`}>
          <title>{title}</title>
        </path>
      )}
    </svg>
  );
}

interface WindowButtonsProps {
  readonly window: Window;
  readonly whole: Window;
  readonly setWindow: (next: Window | null) => void;
}

/** Buttons that zoom and pan, for readers who do not drag. */
export function WindowButtons({ window, whole, setWindow }: WindowButtonsProps) {
  const w = useWords(words);
  const middle = (window.start + window.end) / 2;
  const third = (window.end - window.start) / 3;
  const isWhole = window.start === whole.start && window.end === whole.end;
  return (
    <div class="views steps">
      <SignButtons
        buttons={[
          ["←", w.earlier, () => setWindow(shift(window, -third))],
          ["→", w.later, () => setWindow(shift(window, third))],
          ["+", w.zoomIn, () => setWindow(zoom(window, ZOOM_IN, middle))],
          ["−", w.zoomOut, () => setWindow(zoom(window, 1 / ZOOM_IN, middle))],
        ]}
      />
      <button type="button" disabled={isWhole} onClick={() => setWindow(null)}>
        {w.allDates}
      </button>
    </div>
  );
}
