import { scaleLinear } from "d3-scale";
import { Fragment } from "preact";
import type { Colors } from "../state/colors";
import { fill, number, useLanguage, useWords } from "../state/language";
import { traceAddress } from "../trace/address";
import type { Category, Value } from "./data";
import { words } from "./words";

interface Props {
  readonly categories: readonly Category[];
  readonly stacked: boolean;
  readonly colors: Colors;
  readonly nameOf: (value: Value) => string;
  /** The year, kind of value and the like, which differ within a category. */
  readonly detailOf: (value: Value) => string;
  readonly evidence: (value: Value) => readonly string[];
  readonly unit: string;
  readonly title: string;
}

/** Horizontal bars; the names of categories wrap, so that none is cut. */
export function Bars({ categories, stacked, colors, nameOf, detailOf, evidence, unit, title }: Props) {
  const w = useWords(words);
  const tongue = useLanguage();
  const sums = categories.map(({ values }) =>
    stacked ? [values.reduce((sum, value) => sum + value.number, 0)] : values.map((value) => value.number),
  );
  const ends = [0, ...sums.flat()];
  const scale = scaleLinear([ends.reduce((a, b) => Math.min(a, b)), ends.reduce((a, b) => Math.max(a, b))], [0, 100]).nice(5);
  const zero = scale(0);
  const inOrder = (values: readonly Value[]) => {
    const place = ({ series }: Value) => (colors.own.includes(series) ? colors.own.indexOf(series) : colors.own.length);
    return [...values].sort((a, b) => place(a) - place(b));
  };
  const link = (value: Value, category: string, shows: string) => ({
    href: traceAddress(evidence(value)),
    title: [category, nameOf(value), shows, detailOf(value)].filter(Boolean).join(": "),
    "aria-label": [category, nameOf(value), shows, unit, detailOf(value), w.who].filter(Boolean).join(", "),
  });
  return (
    <section class="bars" aria-label={fill(w.chart, title)}>
      <div class="scale" aria-hidden="true">
        <span class="unit">{unit}</span>
        <div>
          {scale.ticks(5).map((tick) => (
            <span key={tick} style={{ left: `${scale(tick)}%` }}>
              {number(tick, tongue)}
            </span>
          ))}
        </div>
      </div>
      <ul>
        {categories.map(({ key, label, values }, place) => (
          <li key={key}>
            <bdi class="name">{label}</bdi>
            <div class="plot">
              {scale.ticks(5).map((tick) => (
                <i key={tick} style={{ left: `${scale(tick)}%` }} class={tick === 0 ? "zero" : ""} />
              ))}
              {stacked ? (
                <div class="bar stack">
                  {inOrder(values.filter((value) => value.number > 0)).map((value) => (
                    <a
                      key={`${value.row} ${value.column}`}
                      {...link(value, label, number(value.number, tongue))}
                      style={{ width: `${scale(value.number) - zero}%`, background: colors.of(value.series) }}
                    />
                  ))}
                  <span class="number">{number(sums[place]?.[0] ?? 0, tongue)}</span>
                </div>
              ) : (
                values.map((value) => {
                  const [left, right] = [Math.min(zero, scale(value.number)), Math.max(zero, scale(value.number))];
                  return (
                    <Fragment key={`${value.row} ${value.column}`}>
                      <div class="bar">
                        <a
                          {...link(value, label, number(value.number, tongue))}
                          class={value.dashed ? "hollow" : value.number === 0 ? "zero" : ""}
                          style={{ marginLeft: `${left}%`, width: `${right - left}%`, "--own": colors.of(value.series) }}
                        />
                        <span class="number">{number(value.number, tongue)}</span>
                      </div>
                      {detailOf(value) && <small>{detailOf(value)}</small>}
                    </Fragment>
                  );
                })
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
