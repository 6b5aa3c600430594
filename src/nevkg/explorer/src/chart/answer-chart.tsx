import { useMemo } from "preact/hooks";
import { type AnswerProps, evidenceOf, yearsOf } from "../answer/roles";
import { isThing, type Row } from "../api/types";
import { useColors } from "../state/colors";
import { fill, number, useLanguage, useWords } from "../state/language";
import { hrefWith, set, useRoute } from "../state/route";
import { namesOf, UNKNOWN } from "../ui/keys";
import { ColorLegend } from "../ui/legend";
import { Empty } from "../ui/loaded";
import { asText, each } from "../ui/value";
import { Bars } from "./bars";
import { categoriesOf, groupsOf, isStackable, numbersOf, pointsOf, type Value, valuesOf } from "./data";
import { Lines } from "./lines";
import { words } from "./words";
import "./chart.css";

const FIRST = 30;
const ONLY = "only";
const EVERY = "*"; // the columns that the question names, side by side

/** Numbers to compare: as bars, or as lines where they change in time. */
export function AnswerChart({ answer, show }: AnswerProps) {
  const w = useWords(words);
  const tongue = useLanguage();
  const { params } = useRoute();
  const { rows, columns } = answer;
  const x = show.x ?? columns[0]?.name ?? "";
  const labelOf = (name: string | undefined) => columns.find((column) => column.name === name)?.label ?? name ?? "";

  const { named, others } = useMemo(() => numbersOf(columns, rows, show), [columns, rows, show]);
  const choices = [...(named.length > 1 ? [EVERY] : []), ...named, ...others];
  const chosen = choices.find((name) => name === params.get("y")) ?? choices[0] ?? "";
  const drawn = useMemo(() => (chosen === EVERY ? named : [chosen]), [chosen, named]);
  // Unit and kind of value are those of the numbers that the question names, not of other counts beside them.
  const isNamed = chosen === EVERY || named.includes(chosen) || !named.length;
  const unitColumn = isNamed ? show.unit : undefined;
  const every = useMemo(() => rows.map((_, place) => place), [rows]);
  const unit = useGroup(rows, every, unitColumn, "unit-shown");
  // One metric at a time: a share of all vehicles and a share of electric ones look alike.
  const topicColumn = isNamed ? show.apart?.[0] : undefined;
  const topic = useGroup(rows, unit.rows, topicColumn, "topic-shown");
  const ofUnit = topic.rows;
  const roles = useMemo(() => (isNamed ? { ...show, x } : { ...(show.series ? { series: show.series } : {}), x }), [isNamed, show, x]);
  const all = useMemo(() => valuesOf(rows, ofUnit, drawn, roles), [rows, ofUnit, drawn, roles]);

  const bySeries = drawn.length > 1 || Boolean(show.series);
  const only = params.getAll(ONLY);
  const values = bySeries && only.length ? all.filter((value) => only.includes(value.series || UNKNOWN)) : all;
  const keys = useMemo(() => all.map((value) => value.series), [all]);
  const colors = useColors(keys);
  const names = useMemo(
    () =>
      drawn.length > 1
        ? new Map(drawn.map((name) => [name, labelOf(name)]))
        : namesOf(show.series ? rows.map((row) => row[show.series as string]) : [], tongue),
    [drawn, rows, show, tongue],
  );
  const counts = useMemo(() => tallied(all), [all]);

  const points = show.kind === "bar" ? null : pointsOf(rows, values, x);
  const categories = categoriesOf(rows, values, x, tongue, w.untold);
  // Values of different kinds are never stacked.
  const canStack = bySeries && (drawn.length === 1 || Boolean(show.stacked)) && !show.apart && isStackable(categories);
  const isStacked = canStack && params.get("bars") !== "grouped";
  const whole = params.has("whole");
  const isCut = !points && !whole && categories.length > FIRST;
  const evidence = (value: Value) => {
    const own = evidenceOf(answer, value.row, value.column);
    const rest = own.length ? own : evidenceOf(answer, value.row);
    const cells = [x, show.series].flatMap((name) => each(name ? rows[value.row]?.[name] : null));
    return rest.length
      ? rest
      : cells
          .filter(isThing)
          .slice(0, 1)
          .map((one) => one.iri);
  };
  const nameOf = (value: Value) => names.get(value.series) ?? (bySeries ? w.untold : "");
  const detailOf = (value: Value) =>
    ((isNamed && show.apart?.slice(1)) || [])
      .map((name) => asText(rows[value.row]?.[name], tongue))
      .filter(Boolean)
      .join(", ");
  const missing = rows.length - new Set(all.map((value) => value.row)).size;

  return (
    <div class="chart-view" data-picture={isCut ? fill(w.part, FIRST, number(categories.length, tongue)) : ""}>
      <div class="tools">
        {choices.length > 1 && (
          <Choice
            label={w.value}
            value={chosen}
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
        <a href={hrefWith({ as: "table" })}>{w.text}</a>
      </div>
      {bySeries && (
        <div class="legend">
          <ColorLegend
            label={drawn.length > 1 ? "" : labelOf(show.series)}
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
          evidence={evidence}
          yearly={yearsOf(columns, rows).has(x)}
          unit={unit.name ?? labelOf(drawn[0])}
          title={answer.title}
        />
      ) : (
        <Bars
          categories={whole ? categories : categories.slice(0, FIRST)}
          stacked={isStacked}
          colors={colors}
          nameOf={nameOf}
          detailOf={detailOf}
          evidence={evidence}
          unit={unit.name ?? (drawn.length > 1 ? "" : labelOf(drawn[0]))}
          title={answer.title}
        />
      )}
      {!points && categories.length > FIRST && (
        <p class="further">
          <a href={hrefWith({ whole: whole ? null : "on" })}>
            {whole ? fill(w.fewer, FIRST) : fill(w.all, number(categories.length, tongue))}
          </a>
        </p>
      )}
      {(points ?? values).some((value) => value.dashed || (points && value.low !== null)) && <p class="quiet">{w.hollow}</p>}
      {missing > 0 && <p class="quiet">{fill(w.left, number(missing, tongue))}</p>}
    </div>
  );
}

function tallied(values: readonly Value[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { series } of values) found.set(series, (found.get(series) ?? 0) + 1);
  return found;
}

/** The rows with one value of a column, the most frequent unless the address asks for another, and how to choose it. */
function useGroup(rows: readonly Row[], places: readonly number[], column: string | undefined, parameter: string) {
  const w = useWords(words);
  const tongue = useLanguage();
  const { params } = useRoute();
  const groups = useMemo(() => groupsOf(rows, places, column), [rows, places, column]);
  const names = useMemo(() => namesOf(column ? rows.map((row) => row[column]) : [], tongue), [rows, column, tongue]);
  const keys = [...groups.keys()];
  const chosen = keys.find((key) => (key || UNKNOWN) === params.get(parameter)) ?? keys[0] ?? "";
  return {
    name: names.get(chosen),
    rows: groups.get(chosen) ?? [],
    choice: (label: string) =>
      groups.size > 1 && (
        <Choice
          label={label}
          value={chosen}
          options={[...groups].map(([key, own]) => [key, `${names.get(key) ?? w.untold} (${own.length})`])}
          choose={(key) => set({ [parameter]: key || UNKNOWN })}
        />
      ),
  };
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly choose: (value: string) => void;
}

function Choice({ label, value, options, choose }: ChoiceProps) {
  return (
    <label class="switch">
      {label}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
