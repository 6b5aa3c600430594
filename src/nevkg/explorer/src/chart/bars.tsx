import { scaleLinear } from "d3-scale";
import { Fragment } from "preact";
import { traceAddress } from "../state/address";
import type { Colors } from "../state/colors";
import { fill, number, useLanguage, useWords } from "../state/language";
import type { Category, Value } from "./data";
import { words } from "./words";

interface Props {
  readonly categories: readonly Category[];
  readonly isStacked: boolean;
  readonly colors: Colors;
  readonly nameOf: (value: Value) => string;
  /** Details that differ within a category, such as year and kind of value. */
  readonly detailOf: (value: Value) => string;
  /** What sources do not support enough to be counted, in words; empty if there is none. */
  readonly moreTextOf: (value: Value) => string;
  readonly moreEvidence: (value: Value) => readonly string[];
  readonly evidence: (value: Value) => readonly string[];
  readonly unit: string;
  readonly title: string;
}

/** A chart of horizontal bars. Long names of categories wrap. */
export function Bars({ categories, isStacked, colors, nameOf, detailOf, moreTextOf, moreEvidence, evidence, unit, title }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const sums = categories.map(({ values }) =>
    isStacked ? [values.reduce((sum, value) => sum + value.number, 0)] : values.map((value) => value.number),
  );
  const mores = categories.map(({ values }) =>
    isStacked ? [values.reduce((sum, value) => sum + (value.more ?? 0), 0)] : values.map((value) => value.more ?? 0),
  );
  const ends = [0, ...sums.flatMap((ofCategory, index) => ofCategory.map((sum, at) => sum + (mores[index]?.[at] ?? 0)))];
  const scale = scaleLinear([ends.reduce((a, b) => Math.min(a, b)), ends.reduce((a, b) => Math.max(a, b))], [0, 100]).nice(5);
  const zero = scale(0);
  const inOrder = (values: readonly Value[]) => {
    const rank = ({ series }: Value) => colors.indexOf(series) ?? colors.keys.length;
    return [...values].sort((a, b) => rank(a) - rank(b));
  };
  const linkProps = (value: Value, category: string, text: string) => ({
    href: traceAddress(evidence(value)),
    title: [category, nameOf(value), text, detailOf(value)].filter(Boolean).join(": "),
    "aria-label": [category, nameOf(value), text, unit, detailOf(value), w.evidence].filter(Boolean).join(", "),
  });
  const lighter = (value: Value, category: string) => {
    const text = [category, nameOf(value), moreTextOf(value)].filter(Boolean).join(": ");
    return value.more ? (
      <a
        key={`${value.row} ${value.column} more`}
        {...{ href: traceAddress(moreEvidence(value)), title: text, "aria-label": `${text}, ${w.evidence}` }}
        class="more"
        style={{ width: `${scale(value.more) - zero}%`, background: colors.of(value.series) }}
      />
    ) : null;
  };
  const inWords = (sum: number, more: number) => number(sum, lang) + (more ? ` + ${number(more, lang)}` : "");
  return (
    <section class="bars" aria-label={fill(w.chart, title)}>
      <div class="scale" aria-hidden="true">
        <span class="unit">{unit}</span>
        <div>
          {scale.ticks(5).map((tick) => (
            <span key={tick} style={{ left: `${scale(tick)}%` }}>
              {number(tick, lang)}
            </span>
          ))}
        </div>
      </div>
      <ul>
        {categories.map(({ key, label, values }, index) => (
          <li key={key}>
            <bdi class="name">{label}</bdi>
            <div class="plot">
              {scale.ticks(5).map((tick) => (
                <i key={tick} style={{ left: `${scale(tick)}%` }} class={tick === 0 ? "zero" : ""} />
              ))}
              {isStacked ? (
                <div class="bar stack">
                  {inOrder(values.filter((value) => value.number > 0)).map((value) => (
                    <a
                      key={`${value.row} ${value.column}`}
                      {...linkProps(value, label, number(value.number, lang))}
                      style={{ width: `${scale(value.number) - zero}%`, background: colors.of(value.series) }}
                    />
                  ))}
                  {inOrder(values).map((value) => lighter(value, label))}
                  <span class="number">{inWords(sums[index]?.[0] ?? 0, mores[index]?.[0] ?? 0)}</span>
                </div>
              ) : (
                values.map((value) => {
                  const [left, right] = [Math.min(zero, scale(value.number)), Math.max(zero, scale(value.number))];
                  return (
                    <Fragment key={`${value.row} ${value.column}`}>
                      <div class="bar">
                        <a
                          {...linkProps(value, label, number(value.number, lang))}
                          class={value.isDashed ? "hollow" : value.number === 0 ? "zero" : ""}
                          style={{ marginLeft: `${left}%`, width: `${right - left}%`, "--own": colors.of(value.series) }}
                        />
                        {lighter(value, label)}
                        <span class="number">{inWords(value.number, value.more ?? 0)}</span>
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
