import type { ComponentChildren } from "preact";
import { useToday } from "../state/dataset";
import { useDay } from "../state/day";
import { fill, useLanguage, useWords } from "../state/language";
import { dayOf, isoOf, monthOf, monthStart, yearOf } from "./dates";
import { words } from "./words";
import "./day-slider.css";

interface Props {
  readonly day: number;
  /** The date of the dataset. */
  readonly today: number;
  readonly onChange: (day: number) => void;
  /** The first and the last month of the slider, counted as by `monthOf`. */
  readonly first: number;
  readonly last: number;
  readonly before?: ComponentChildren;
  readonly above?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** The controls for the day of a view: a slider by month and a field for any day. */
export function DaySlider({ day, today, onChange, first, last, before, above, children }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const month = Math.max(first, Math.min(last, monthOf(day)));
  const text = new Date(day * 86_400_000).toLocaleDateString(lang === "zh" ? "zh-CN" : "en-GB", {
    timeZone: "UTC",
    year: "numeric",
    month: "long",
  });
  return (
    <div class="day-slider">
      {before}
      <label>
        {w.asOf}{" "}
        <input
          type="date"
          value={isoOf(day)}
          onChange={(event) => {
            const typed = dayOf(event.currentTarget.value);
            if (typed !== null) onChange(typed);
          }}
        />
      </label>
      <div class="range">
        {above}
        <input
          type="range"
          min={first}
          max={last}
          step={1}
          value={month}
          aria-label={w.time}
          aria-valuetext={text}
          onInput={(event) => {
            const selected = Number(event.currentTarget.value);
            onChange(selected === monthOf(today) ? today : monthStart(selected));
          }}
        />
        <p class="ends" aria-hidden="true">
          <span>{yearOf(monthStart(first))}</span>
          <span>{yearOf(monthStart(last))}</span>
        </p>
      </div>
      {day !== today && (
        <button type="button" class="plain" onClick={() => onChange(today)}>
          {fill(w.today, isoOf(today))}
        </button>
      )}
      {children}
    </div>
  );
}

// The range of the slider: most changes are within it. The field accepts any day.
const MONTHS = 12 * 15;

/** The control for the day of a page. */
export function AsOf() {
  const today = useToday();
  return today === null ? <div class="day-slider" /> : <Slider today={today} />;
}

function Slider({ today }: { today: number }) {
  const [day, setDay] = useDay(today);
  return <DaySlider day={day} today={today} onChange={setDay} first={monthOf(today) - MONTHS} last={monthOf(today)} />;
}
