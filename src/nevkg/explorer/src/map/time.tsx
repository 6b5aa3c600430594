import { useEffect, useMemo, useState } from "preact/hooks";
import { number, useLanguage, useWords } from "../state/language";
import { ComparisonDayField } from "../ui/changes";
import { monthOf, monthStart } from "../ui/dates";
import { DaySlider } from "../ui/day-slider";
import { changes, counts, months, nextMonth, type Spell } from "./spells";
import { words } from "./words";

const PACE = 420; // milliseconds for a step; browsers refuse more than some hundred new addresses in half a minute

interface Props {
  readonly spells: readonly Spell[];
  readonly day: number;
  readonly today: number;
  readonly to: (day: number) => void;
  /** The day with which this one is compared. */
  readonly against: number | null;
}

/** Goes through time, by hand or by itself, from the first change to the last. */
export function Time({ spells, day, today, to, against }: Props) {
  const w = useWords(words);
  const tongue = useLanguage();
  const [playing, play] = useState(false);
  const days = useMemo(() => changes(spells), [spells]);
  const { first, last } = useMemo(() => months(days, today), [days, today]);
  const curve = useMemo(() => counts(spells, first, last), [spells, first, last]);
  const month = Math.max(first, Math.min(last, monthOf(day)));
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => {
      const next = nextMonth(days, month, last);
      to(monthStart(next));
      if (next >= last) play(false);
    }, PACE);
    return () => clearTimeout(timer);
  }, [playing, month, days, last, to]);
  const start = () => {
    if (!playing && month >= last) to(monthStart(first));
    play(!playing);
  };
  return (
    <div class="time">
      <DaySlider
        day={day}
        today={today}
        onChange={(chosen) => {
          play(false);
          to(chosen);
        }}
        first={first}
        last={last}
        before={
          <button type="button" class="play" onClick={start} aria-label={playing ? w.pause : w.play} title={playing ? w.pause : w.play}>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path d={playing ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4 2.5v11l9-5.5z"} fill="currentColor" />
            </svg>
          </button>
        }
        above={<Curve counts={curve} at={month - first} today={monthOf(today) - first} />}
      >
        <ComparisonDayField against={against} />
        <span class="unseen">{number(curve[month - first] ?? 0, tongue)}</span>
      </DaySlider>
    </div>
  );
}

/** How many hold in each month. */
function Curve({ counts: heights, at, today }: { counts: readonly number[]; at: number; today: number }) {
  const most = heights.reduce((a, b) => Math.max(a, b), 1);
  const count = Math.max(1, heights.length - 1);
  const line = heights.map((height, place) => `${((place / count) * 1000).toFixed(1)},${(40 - (height / most) * 38).toFixed(1)}`);
  return (
    <svg class="curve" viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true">
      <path class="under" d={`M0,40L${line.join("L")}L1000,40Z`} />
      <line class="today" x1={(today / count) * 1000} x2={(today / count) * 1000} y1="0" y2="40" />
      <line class="now" x1={(at / count) * 1000} x2={(at / count) * 1000} y1="0" y2="40" />
    </svg>
  );
}
