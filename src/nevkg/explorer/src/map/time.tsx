import { useEffect, useMemo, useState } from "preact/hooks";
import { number, useLanguage, useWords } from "../state/language";
import { ComparisonDayField } from "../ui/changes";
import { monthOf, monthStart } from "../ui/dates";
import { DaySlider } from "../ui/day-slider";
import { changeDays, countByMonth, monthRange, nextMonth, type Period } from "./periods";
import { words } from "./words";

const STEP_DURATION = 420; // milliseconds; browsers limit changes of the address to about a hundred in half a minute

interface Props {
  readonly periods: readonly Period[];
  readonly day: number;
  readonly today: number;
  readonly setDay: (day: number) => void;
  /** The day that `day` is compared with. */
  readonly against: number | null;
}

/** The time control: a slider from the first change to the last, with a button that plays the changes. */
export function Time({ periods, day, today, setDay, against }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const [isPlaying, setPlaying] = useState(false);
  const days = useMemo(() => changeDays(periods), [periods]);
  const { first, last } = useMemo(() => monthRange(days, today), [days, today]);
  const counts = useMemo(() => countByMonth(periods, first, last), [periods, first, last]);
  const month = Math.max(first, Math.min(last, monthOf(day)));
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => {
      const next = nextMonth(days, month, last);
      setDay(monthStart(next));
      if (next >= last) setPlaying(false);
    }, STEP_DURATION);
    return () => clearTimeout(timer);
  }, [isPlaying, month, days, last, setDay]);
  const togglePlaying = () => {
    if (!isPlaying && month >= last) setDay(monthStart(first));
    setPlaying(!isPlaying);
  };
  return (
    <div class="time">
      <DaySlider
        day={day}
        today={today}
        onChange={(next) => {
          setPlaying(false);
          setDay(next);
        }}
        first={first}
        last={last}
        before={
          <button
            type="button"
            class="play"
            onClick={togglePlaying}
            aria-label={isPlaying ? w.pause : w.play}
            title={isPlaying ? w.pause : w.play}
          >
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path d={isPlaying ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4 2.5v11l9-5.5z"} fill="currentColor" />
            </svg>
          </button>
        }
        above={<Curve counts={counts} at={month - first} today={monthOf(today) - first} />}
      >
        <ComparisonDayField against={against} />
        <span class="unseen">{number(counts[month - first] ?? 0, lang)}</span>
      </DaySlider>
    </div>
  );
}

/** A curve of the number of rows in each month. */
function Curve({ counts, at, today }: { counts: readonly number[]; at: number; today: number }) {
  const max = counts.reduce((a, b) => Math.max(a, b), 1);
  const steps = Math.max(1, counts.length - 1);
  const line = counts.map((count, index) => `${((index / steps) * 1000).toFixed(1)},${(40 - (count / max) * 38).toFixed(1)}`);
  return (
    <svg class="curve" viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true">
      <path class="under" d={`M0,40L${line.join("L")}L1000,40Z`} />
      <line class="today" x1={(today / steps) * 1000} x2={(today / steps) * 1000} y1="0" y2="40" />
      <line class="now" x1={(at / steps) * 1000} x2={(at / steps) * 1000} y1="0" y2="40" />
    </svg>
  );
}
