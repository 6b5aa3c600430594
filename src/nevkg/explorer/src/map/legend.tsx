import { fill, number, useLanguage, useWords } from "../state/language";
import { here } from "../state/route";
import { Disc } from "./disc";
import type { Colors, Sizes, Style, shadesOf } from "./looks";
import { NOTHING, UNKNOWN } from "./markers";
import { words } from "./words";

interface Filter {
  readonly key: string;
  readonly asked: readonly string[];
}

/** What a click on an entry asks for: it is taken in, or out. */
function toggled({ key, asked }: Filter, values: readonly string[]): string {
  const told = values.map((value) => value || UNKNOWN);
  const isOn = told.every((value) => asked.includes(value));
  return here({ [key]: isOn ? asked.filter((one) => !told.includes(one)) : [...new Set([...asked, ...told])] });
}

interface Coloured {
  readonly label: string;
  readonly colors: Colors;
  readonly names: ReadonlyMap<string, string>;
  readonly counts: ReadonlyMap<string, number>;
  readonly filter: Filter;
}

export function ColorLegend({ label, colors, names, counts, filter }: Coloured) {
  const w = useWords(words);
  const rest = [...counts.keys()].filter((key) => !colors.own.includes(key));
  return (
    <Entries label={label} filter={filter}>
      {colors.own.map((key) => (
        <Entry key={key} filter={filter} values={[key]} count={counts.get(key) ?? 0} label={names.get(key) ?? key}>
          <Disc r={6} colors={[colors.of(key)]} style="solid" diamond={false} />
        </Entry>
      ))}
      {rest.length > 0 && (
        <Entry
          filter={filter}
          values={rest}
          count={rest.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0)}
          label={rest.length === 1 && rest[0] === NOTHING ? w.unknown : w.rest}
        >
          <Disc r={6} colors={[colors.of(NOTHING)]} style="solid" diamond={false} />
        </Entry>
      )}
    </Entries>
  );
}

interface Styled extends Omit<Coloured, "colors"> {
  readonly styles: ReadonlyMap<string, Style>;
}

export function StatusLegend({ label, styles, names, counts, filter }: Styled) {
  const w = useWords(words);
  return (
    <Entries label={label} filter={filter}>
      {[...styles].map(([key, style]) => (
        <Entry key={key} filter={filter} values={[key]} count={counts.get(key) ?? 0} label={names.get(key) ?? w.unknown}>
          <Disc r={6} colors={["currentcolor"]} style={style} diamond={false} />
        </Entry>
      ))}
    </Entries>
  );
}

function Entries({ label, filter, children }: { label: string; filter: Filter; children: preact.ComponentChildren }) {
  const w = useWords(words);
  return (
    <section class="entries">
      <h3>
        {label} {filter.asked.length > 0 && <a href={here({ [filter.key]: null })}>{w.everything}</a>}
      </h3>
      <ul>{children}</ul>
    </section>
  );
}

interface EntryProps {
  readonly filter: Filter;
  readonly values: readonly string[];
  readonly count: number;
  readonly label: string;
  readonly children: preact.ComponentChildren;
}

function Entry({ filter, values, count, label, children }: EntryProps) {
  const tongue = useLanguage();
  const isOff = filter.asked.length > 0 && !values.some((value) => filter.asked.includes(value || UNKNOWN));
  return (
    <li>
      <a class={isOff ? "off" : ""} href={toggled(filter, values)} aria-current={filter.asked.length > 0 && !isOff ? "true" : undefined}>
        <Swatch>{children}</Swatch>
        <bdi>{label}</bdi> <span class="count">{number(count, tongue)}</span>
      </a>
    </li>
  );
}

function Swatch({ children, size = 18 }: { children: preact.ComponentChildren; size?: number }) {
  return (
    <svg class="swatch" width={size} height={size} viewBox={`${-size / 2} ${-size / 2} ${size} ${size}`} aria-hidden="true">
      {children}
    </svg>
  );
}

/** What sizes and forms mean. */
export function SizeLegend({ label, sizes, coarse, sized }: { label: string; sizes: Sizes; coarse: boolean; sized: boolean }) {
  const w = useWords(words);
  const tongue = useLanguage();
  return (
    <section class="entries plain">
      {sized && (
        <>
          <h3>{fill(w.sizes, label)}</h3>
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
        </>
      )}
      {coarse && (
        <ul class="across">
          <li>
            <Swatch>
              <Disc r={6} colors={["currentcolor"]} style="hollow" diamond={false} />
            </Swatch>
            {w.known}
          </li>
          <li>
            <Swatch>
              <Disc r={6} colors={["currentcolor"]} style="hollow" diamond />
            </Swatch>
            {w.coarse}
          </li>
        </ul>
      )}
    </section>
  );
}

/** What the shades of areas mean. */
export function ShadeLegend({ label, shades }: { label: string; shades: ReturnType<typeof shadesOf> }) {
  const w = useWords(words);
  const tongue = useLanguage();
  return (
    <section class="entries plain">
      <h3>{fill(w.shades, label)}</h3>
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
