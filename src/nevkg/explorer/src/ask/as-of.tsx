import { useDay, useToday } from "../state/day";
import { monthOf } from "../ui/dates";
import { DaySlider } from "../ui/day-slider";

// Most changes are within it; the field takes any day.
const MONTHS = 12 * 15;

/** The day that a page is for. */
export function AsOf() {
  const today = useToday();
  return today === null ? <div class="day-slider" /> : <Chosen today={today} />;
}

function Chosen({ today }: { today: number }) {
  const [day, to] = useDay(today);
  return <DaySlider day={day} today={today} onChange={to} first={monthOf(today) - MONTHS} last={monthOf(today)} />;
}
