import { fill, number, useLanguage, useWords } from "../state/language";
import { type ColorLegendProps, Entries, Entry, Swatch } from "../ui/legend";
import { Disc } from "./disc";
import type { Sizes, Style, shadesOf } from "./looks";
import { words } from "./words";

interface Styled extends Omit<ColorLegendProps, "colors"> {
  readonly styles: ReadonlyMap<string, Style>;
}

export function StatusLegend({ label, styles, names, counts, filter }: Styled) {
  const w = useWords(words);
  return (
    <Entries label={label} filter={filter}>
      {[...styles].map(([key, style]) => (
        <Entry key={key} filter={filter} values={[key]} count={counts.get(key) ?? 0} label={names.get(key) ?? w.unknown}>
          <Disc r={6} colors={["currentcolor"]} style={style} />
        </Entry>
      ))}
    </Entries>
  );
}

/** What sizes mean. */
export function SizeLegend({ label, sizes }: { label: string; sizes: Sizes }) {
  const w = useWords(words);
  const tongue = useLanguage();
  return (
    <section class="entries plain">
      <h2>{fill(w.sizes, label)}</h2>
      <ul class="across">
        {sizes.steps.map((step) => (
          <li key={step}>
            <Swatch size={sizes.of(step) * 2 + 4}>
              <circle class="empty-disc" r={sizes.of(step)} />
            </Swatch>
            {number(step, tongue)}
          </li>
        ))}
        <li>
          <Swatch size={14}>
            <circle class="empty-disc" r={sizes.of(null)} />
          </Swatch>
          {w.unsized}
        </li>
      </ul>
    </section>
  );
}

/** What the shades of areas mean. */
export function ShadeLegend({ label, shades }: { label: string; shades: ReturnType<typeof shadesOf> }) {
  const w = useWords(words);
  const tongue = useLanguage();
  return (
    <section class="entries plain">
      <h2>{fill(w.shades, label)}</h2>
      <ul class="across">
        {shades.steps.map((step) => (
          <li key={step}>
            <span
              class="shade"
              style={{ background: `color-mix(in oklab, var(--shade) ${Math.round(shades.of(step))}%, var(--land))` }}
              aria-hidden="true"
            />
            {number(step, tongue)}
          </li>
        ))}
      </ul>
    </section>
  );
}
