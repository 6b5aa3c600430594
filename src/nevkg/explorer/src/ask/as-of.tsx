import { useDay, useToday } from "../state/day";
import { monthOf } from "../ui/dates";
import { DaySlider } from "../ui/day-slider";

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
