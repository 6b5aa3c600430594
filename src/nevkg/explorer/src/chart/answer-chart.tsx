import { useMemo } from "preact/hooks";
import { type AnswerProps, columnLabel, evidenceOf, yearsOf } from "../answer/roles";
import { isThing } from "../api/types";
import { useColors } from "../state/colors";
import { fill, number, useLanguage, useWords } from "../state/language";
import { hrefWith, set, useRoute } from "../state/route";
import { Choice } from "../ui/controls";
import { ColorLegend } from "../ui/legend";
import { Empty } from "../ui/loading";
import { asText, each, keysOf, NOTHING, namesOf, UNKNOWN } from "../ui/values";
import { Bars } from "./bars";
import {
  categoriesOf,
  isStackable,
  monthsOf,
  moreOf,
  numbersOf,
  pointsOf,
  selectGroups,
  singleColumns,
  type Value,
  valuesOf,
  withinAxis,
} from "./data";
import { Lines } from "./lines";
import { words } from "./words";
import "./chart.css";

const MAX_CATEGORIES = 30;
const ONLY = "only";
const YEAR = "12"; // months
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
  const roles = useMemo(() => (isNamed ? { ...show, x } : { ...(show.series ? { series: show.series } : {}), x }), [isNamed, show, x]);
  // One unit, metric, place and length of period is drawn at a time, since values of different ones cannot be compared.
  const groupings = useMemo(() => {
    const byColumn = (column: string, parameter: string) => ({
      column,
      parameter,
      label: labelOf(column),
      names: namesOf(
        rows.map((row) => row[column]),
        lang,
      ),
      keyOf: (row: number) => keysOf(rows[row]?.[column])[0] ?? NOTHING,
    });
    const [topic, ...others] = isNamed ? singleColumns(rows, show) : [];
    const lengths = new Set(rows.map((row) => String(monthsOf(row, roles))));
    const periods = {
      column: "",
      parameter: "period-shown",
      label: w.period,
      names: new Map([...lengths].map((length) => [length, periodName(w, Number(length))])),
      keyOf: (row: number) => String(monthsOf(rows[row] ?? {}, roles)),
      preferred: YEAR,
    };
    return [
      ...(topic ? [byColumn(topic, "topic-shown")] : []),
      ...(unitColumn ? [byColumn(unitColumn, "unit-shown")] : []),
      ...others.map((column) => byColumn(column, `${column}-shown`)),
      ...(roles.start && show.kind === "line" ? [periods] : []),
    ];
  }, [rows, columns, show, roles, isNamed, unitColumn, lang, w]);
  const { rows: groupRows, selections } = useMemo(() => selectGroups([...rows.keys()], groupings, params), [rows, groupings, params]);
  const all = useMemo(() => valuesOf(rows, groupRows, yColumns, roles), [rows, groupRows, yColumns, roles]);
  const selectedNames = groupings.map(({ column, names }, index) => ({ column, name: names.get(selections[index]?.selected ?? "") ?? "" }));
  const unitName = selectedNames.find(({ column }) => column && column === unitColumn)?.name;
  const isAnnual = groupings.some(({ parameter }, index) => parameter === "period-shown" && selections[index]?.selected === YEAR);
  const heading = [
    ...(show.apart?.length && isNamed ? [] : yColumns.map(labelOf)),
    ...selectedNames
      .filter(({ column }, index) => column !== unitColumn && (index === 0 || (selections[index]?.groups.size ?? 0) > 1))
      .map(({ name }) => name)
      .filter(Boolean),
  ].join(" · ");

  const hasSeries = yColumns.length > 1 || Boolean(show.series);
  const only = params.getAll(ONLY);
  const values = hasSeries && only.length ? all.filter((value) => only.includes(value.series || UNKNOWN)) : all;
  const weights = useMemo(() => {
    const greatest = new Map<string, number>();
    for (const { series, number } of all) greatest.set(series, Math.max(greatest.get(series) ?? 0, number));
    return greatest;
  }, [all]);
  const colors = useColors(weights);
  const names = useMemo(
    () =>
      yColumns.length > 1
        ? new Map(yColumns.map((name) => [name, labelOf(name)]))
        : namesOf(show.series ? rows.map((row) => row[show.series as string]) : [], lang),
    [yColumns, rows, show, lang],
  );

  const allPoints = show.kind === "bar" ? null : pointsOf(rows, values, x, roles.start);
  const points = allPoints && withinAxis(allPoints);
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
        {groupings.map(
          ({ parameter, label, names: namesOfGroup }, index) =>
            (selections[index]?.groups.size ?? 0) > 1 && (
              <Choice
                key={parameter}
                label={label}
                value={selections[index]?.selected ?? ""}
                options={[...(selections[index]?.groups ?? [])].map(([key, members]) => [
                  key,
                  `${namesOfGroup.get(key) ?? w.unstated} (${members.length})`,
                ])}
                choose={(key) => set({ [parameter]: key || UNKNOWN, [ONLY]: null })}
              />
            ),
        )}
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
      {heading && <h2 class="heading">{heading}</h2>}
      {hasSeries && (
        <div class="legend">
          <ColorLegend
            label={yColumns.length > 1 ? "" : labelOf(show.series)}
            colors={colors}
            names={names}
            hasUnstated={weights.has(NOTHING)}
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
          isYearly={isAnnual || yearsOf(columns, rows).has(x)}
          unit={unitName ?? labelOf(yColumns[0])}
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
          unit={unitName ?? (yColumns.length > 1 ? "" : labelOf(yColumns[0]))}
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
      {points && allPoints && points.length < allPoints.length && (
        <p class="quiet">{fill(w.beyondAxis, number(allPoints.length - points.length, lang))}</p>
      )}
      {missing > 0 && <p class="quiet">{fill(w.notDrawn, number(missing, lang))}</p>}
    </div>
  );
}

/** Returns the length of a period in words. */
function periodName(w: (typeof words)["en"], months: number): string {
  return months === Number(YEAR) ? w.aYear : months === 1 ? w.aMonth : months > 1 ? fill(w.months, months) : w.day;
}
