import { useMemo } from "preact/hooks";
import { type AnswerProps, columnLabel, evidenceOf, yearsOf } from "../answer/roles";
import { isThing, type Row } from "../api/types";
import { useColors } from "../state/colors";
import { fill, number, useLanguage, useWords } from "../state/language";
import { hrefWith, set, useRoute } from "../state/route";
import { Choice } from "../ui/controls";
import { ColorLegend } from "../ui/legend";
import { Empty } from "../ui/loading";
import { asText, countBy, each, namesOf, UNKNOWN } from "../ui/values";
import { Bars } from "./bars";
import { categoriesOf, groupsOf, isStackable, moreOf, numbersOf, pointsOf, type Value, valuesOf } from "./data";
import { Lines } from "./lines";
import { words } from "./words";
import "./chart.css";

const MAX_CATEGORIES = 30;
const ONLY = "only";
const EVERY = "*"; // all columns that the question names

/** An answer as a bar chart, or as a line chart if its x values are times. */
export function AnswerChart({ answer, show }: AnswerProps) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const { rows, columns } = answer;
  const x = show.x ?? columns[0]?.name ?? "";
  const labelOf = (name: string | undefined) => columnLabel(columns, name);

  const { named, others } = useMemo(() => numbersOf(columns, rows, show), [columns, rows, show]);
  const choices = [...(named.length > 1 ? [EVERY] : []), ...named, ...others];
  const selected = choices.find((name) => name === params.get("y")) ?? choices[0] ?? "";
  const yColumns = useMemo(() => (selected === EVERY ? named : [selected]), [selected, named]);
  // The columns for unit and kind of value describe the numbers that the question names, not other numbers.
  const isNamed = selected === EVERY || named.includes(selected) || !named.length;
  const unitColumn = isNamed ? show.unit : undefined;
  const allRows = useMemo(() => rows.map((_, index) => index), [rows]);
  const unit = useGroup(rows, allRows, unitColumn, "unit-shown");
  // Only one metric is drawn, since two with the same unit look alike.
  const topicColumn = isNamed ? show.apart?.[0] : undefined;
  const topic = useGroup(rows, unit.rows, topicColumn, "topic-shown");
  const roles = useMemo(() => (isNamed ? { ...show, x } : { ...(show.series ? { series: show.series } : {}), x }), [isNamed, show, x]);
  const all = useMemo(() => valuesOf(rows, topic.rows, yColumns, roles), [rows, topic.rows, yColumns, roles]);

  const hasSeries = yColumns.length > 1 || Boolean(show.series);
  const only = params.getAll(ONLY);
  const values = hasSeries && only.length ? all.filter((value) => only.includes(value.series || UNKNOWN)) : all;
  const keys = useMemo(() => all.map((value) => value.series), [all]);
  const colors = useColors(keys);
  const names = useMemo(
    () =>
      yColumns.length > 1
        ? new Map(yColumns.map((name) => [name, labelOf(name)]))
        : namesOf(show.series ? rows.map((row) => row[show.series as string]) : [], lang),
    [yColumns, rows, show, lang],
  );
  const counts = useMemo(() => countBy(keys), [keys]);

  const points = show.kind === "bar" ? null : pointsOf(rows, values, x);
  const categories = categoriesOf(rows, values, x, lang, w.unstated);
  // Values of different kinds are never stacked.
  const canStack = hasSeries && (yColumns.length === 1 || Boolean(show.stacked)) && !show.apart && isStackable(categories);
  const isStacked = canStack && params.get("bars") !== "grouped";
  const isWhole = params.has("whole");
  const isCut = !points && !isWhole && categories.length > MAX_CATEGORIES;
  const evidence = (value: Value, column = value.column) => {
    const ofCell = evidenceOf(answer, value.row, column);
    const iris = ofCell.length ? ofCell : evidenceOf(answer, value.row);
    const cells = [x, show.series].flatMap((name) => each(name ? rows[value.row]?.[name] : null));
    return iris.length
      ? iris
      : cells
          .filter(isThing)
          .slice(0, 1)
          .map(({ iri }) => iri);
  };
  const moreColumns = isNamed ? yColumns.flatMap((name) => moreOf(name, show) ?? []) : [];
  const moreTextOf = (value: Value) => (value.more ? `+ ${number(value.more, lang)} ${labelOf(moreOf(value.column, show))}` : "");
  const nameOf = (value: Value) => names.get(value.series) ?? (hasSeries ? w.unstated : "");
  const detailOf = (value: Value) =>
    ((isNamed && show.apart?.slice(1)) || [])
      .map((name) => asText(rows[value.row]?.[name], lang))
      .filter(Boolean)
      .join(", ");
  const missing = rows.length - new Set(all.map((value) => value.row)).size;

  return (
    <div class="chart-view" data-picture={isCut ? fill(w.part, MAX_CATEGORIES, number(categories.length, lang)) : ""}>
      <div class="tools">
        {choices.length > 1 && (
          <Choice
            label={w.value}
            value={selected}
            options={choices.map((name) => [name, name === EVERY ? named.map(labelOf).join(", ") : labelOf(name)])}
            choose={(name) => set({ y: name === choices[0] ? null : name, [ONLY]: null })}
          />
        )}
        {unit.choice(w.unit)}
        {topic.choice(labelOf(topicColumn))}
        {canStack && !points && (
          <Choice
            label={w.layout}
            value={isStacked ? "stacked" : "grouped"}
            options={[
              ["stacked", w.stacked],
              ["grouped", w.grouped],
            ]}
            choose={(name) => set({ bars: name === "grouped" ? name : null })}
          />
        )}
        <a href={hrefWith({ as: "table" })}>{w.asTable}</a>
      </div>
      {hasSeries && (
        <div class="legend">
          <ColorLegend
            label={yColumns.length > 1 ? "" : labelOf(show.series)}
            colors={colors}
            names={names}
            counts={counts}
            filter={{ key: ONLY, selected: only }}
          />
        </div>
      )}
      {values.length === 0 ? (
        <Empty>{w.nothing}</Empty>
      ) : points ? (
        <Lines
          points={points}
          colors={colors}
          nameOf={nameOf}
          detailOf={detailOf}
          moreTextOf={moreTextOf}
          evidence={evidence}
          isYearly={yearsOf(columns, rows).has(x)}
          unit={unit.name ?? labelOf(yColumns[0])}
          title={answer.title}
        />
      ) : (
        <Bars
          categories={isWhole ? categories : categories.slice(0, MAX_CATEGORIES)}
          isStacked={isStacked}
          colors={colors}
          nameOf={nameOf}
          detailOf={detailOf}
          moreTextOf={moreTextOf}
          moreEvidence={(value) => evidence(value, moreOf(value.column, show))}
          evidence={evidence}
          unit={unit.name ?? (yColumns.length > 1 ? "" : labelOf(yColumns[0]))}
          title={answer.title}
        />
      )}
      {!points && categories.length > MAX_CATEGORIES && (
        <p class="further">
          <a href={hrefWith({ whole: isWhole ? null : "on" })}>
            {isWhole ? fill(w.fewer, MAX_CATEGORIES) : fill(w.showAll, number(categories.length, lang))}
          </a>
        </p>
      )}
      {(points ?? values).some((value) => value.isDashed || (points && value.low !== null)) && <p class="quiet">{w.hollow}</p>}
      {moreColumns.length > 0 && <p class="quiet">{fill(w.lighter, [...new Set(moreColumns.map(labelOf))].join(", "))}</p>}
      {missing > 0 && <p class="quiet">{fill(w.notDrawn, number(missing, lang))}</p>}
    </div>
  );
}

/** Returns the rows with one value of a column, by default the most frequent, and a control that selects the value. */
function useGroup(rows: readonly Row[], indices: readonly number[], column: string | undefined, parameter: string) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const groups = useMemo(() => groupsOf(rows, indices, column), [rows, indices, column]);
  const names = useMemo(() => namesOf(column ? rows.map((row) => row[column]) : [], lang), [rows, column, lang]);
  const keys = [...groups.keys()];
  const selected = keys.find((key) => (key || UNKNOWN) === params.get(parameter)) ?? keys[0] ?? "";
  return {
    name: names.get(selected),
    rows: groups.get(selected) ?? [],
    choice: (label: string) =>
      groups.size > 1 && (
        <Choice
          label={label}
          value={selected}
          options={[...groups].map(([key, members]) => [key, `${names.get(key) ?? w.unstated} (${members.length})`])}
          choose={(key) => set({ [parameter]: key || UNKNOWN })}
        />
      ),
  };
}
