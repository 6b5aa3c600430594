import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { type AnswerProps, columnLabel } from "../answer/roles";
import { useLoading } from "../api/requests";
import { useColumnColors } from "../state/colors";
import { useDay } from "../state/day";
import { fill, localize, number, useLanguage, useWords } from "../state/language";
import { set, useRoute } from "../state/route";
import { STANDING, useStandings } from "../state/standings";
import { AGAINST, CHANGE_SHAPES, ChangeLegend } from "../ui/changes";
import { dayOf, isoOf } from "../ui/dates";
import { useWidth } from "../ui/hooks";
import { CIRCLE, ColorLegend, StandingLegend } from "../ui/legend";
import { Empty, Loaded } from "../ui/loading";
import { describePopulation } from "../ui/population";
import { keysOf, namesOf } from "../ui/values";
import { type ColumnFilter, countPlaces, filterRows, filtersOf } from "./filters";
import { type Gazetteer, loadGazetteer } from "./gazetteer";
import { FilterLegend, ShadeLegend, SizeLegend, StandingFilter, StatusLegend, Tools } from "./legend";
import { Card, ChangeList, MarkerList, notesOf } from "./list";
import { type Highlight, highlightsOn, type Marker, markersOf, rankValues, shadesOf, sizesOf } from "./markers";
import { changeColors, compare, holds, type Period, periodOf } from "./periods";
import { Time } from "./time";
import { words } from "./words";
import { World } from "./world";
import "./map.css";

/** An answer as a map. */
export function AnswerMap(props: AnswerProps & { readonly highlights?: readonly Highlight[] }) {
  const lang = useLanguage();
  const loading = useLoading(useCallback(() => loadGazetteer(lang), [lang]));
  return <Loaded of={loading}>{(gazetteer) => <MapView {...props} gazetteer={gazetteer} />}</Loaded>;
}

const NARROW = 600; // pixels
const MAX_UNLOCATED = 12;

interface Props extends AnswerProps {
  readonly gazetteer: Gazetteer;
  readonly highlights?: readonly Highlight[];
}

/** A map with its legend and a list of its rows. */
function MapView({ answer, show, gazetteer, highlights = [] }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const ref = useRef<HTMLDivElement>(null);
  const width = useWidth(ref);
  const [hoveredKey, setHoveredKey] = useState<string | null>(null);
  const { rows, columns } = answer;
  const labelOf = (name: string | undefined) => columnLabel(columns, name);

  const hasTime = Boolean(show.from || show.until);
  const today = dayOf(answer.asOf) ?? 0;
  const [day, setDay] = useDay(today);
  const periods = useMemo(() => rows.map((row) => periodOf(row, show)), [rows, show]);
  const all = useMemo(() => rows.map((_, index) => index), [rows]);

  const filters = useMemo(() => filtersOf(rows, show, params), [rows, show, params]);
  const rowsOnDay = useMemo(() => all.filter((row) => !hasTime || holds(periods[row] as Period, day)), [all, periods, hasTime, day]);
  const filteredRows = useMemo(() => filterRows(rows, all, filters), [rows, all, filters]);
  const visiblePeriods = useMemo(() => filteredRows.map((row) => periods[row] as Period), [filteredRows, periods]);
  const against = hasTime ? dayOf(params.get(AGAINST) ?? "") : null;
  const changes = useMemo(() => {
    if (against === null) return null;
    // A place that is no longer confirmed has not ended, so rows of all standings are compared.
    const compared = compare(rows, show, filterRows(rows, all, filters, STANDING), periods, [
      Math.min(against, day),
      Math.max(against, day),
    ]);
    const selected = new Set(filteredRows);
    return new Map([...compared].filter(([, change]) => [...change.rows, ...change.before].some((row) => selected.has(row))));
  }, [rows, show, all, filters, filteredRows, periods, against, day]);
  const visibleRows = useMemo(() => {
    if (changes) return [...changes.values()].flatMap((change) => change.rows);
    const current = new Set(rowsOnDay);
    return filteredRows.filter((row) => current.has(row));
  }, [rowsOnDay, filteredRows, changes]);
  const shapes = useMemo(() => {
    const statuses = show.status ? rankValues(rows, show.status, hasTime ? periods : undefined, today) : [];
    return new Map(statuses.map((status, index) => [status, index]));
  }, [rows, show, periods, hasTime, today]);
  const standings = useStandings();
  const { markers, unlocated } = useMemo(() => {
    const result = markersOf(answer, show, visibleRows, gazetteer, [...shapes.keys()], standings);
    if (!changes) return result;
    return { ...result, markers: result.markers.map((marker) => ({ ...marker, colors: [changes.get(marker.key)?.change ?? ""] })) };
  }, [answer, show, visibleRows, gazetteer, shapes, standings, changes]);
  const allMarkers = useMemo(() => markersOf(answer, show, all, gazetteer).markers, [answer, show, all, gazetteer]);
  // A marker in the middle of a country would suggest a position that no source states, so coarse markers are only in the list.
  const drawnMarkers = useMemo(() => markers.filter((marker) => !marker.isCoarse), [markers]);
  const extent = useMemo(() => allMarkers.filter((marker) => !marker.isCoarse), [allMarkers]);

  const keyColors = useColumnColors(rows, show.color);
  const colors = changes ? changeColors : keyColors;
  const points = allMarkers.filter((marker) => !marker.isArea);
  const areas = markers.filter((marker) => marker.isArea);
  const maxRadius = width < NARROW ? 9 : 18;
  const sizes = useMemo(
    () =>
      sizesOf(
        allMarkers.map((marker) => (marker.isArea ? null : marker.size)),
        maxRadius,
      ),
    [allMarkers, maxRadius],
  );
  const hasAreaSizes = areas.some((marker) => marker.size !== null);
  const weight = (marker: Marker) => marker.size ?? (hasAreaSizes ? 0 : marker.rows.length);
  const shadeScale = shadesOf(areas.map(weight));
  const shades = new Map(areas.map((marker) => [marker.key, shadeScale.of(weight(marker))]));
  const names = useMemo(
    () =>
      namesOf(
        rows.flatMap((row) => [...filters.map(({ column }) => row[column]), show.planned ? row[show.planned] : null]),
        lang,
      ),
    [rows, show, filters, lang],
  );
  // For each column the places that are drawn, and those that would be drawn if its other values were selected, too.
  const countsOf = (column: string) => countPlaces(rows, filterRows(rows, rowsOnDay, filters, column), show.place ?? "", column);
  const filterOf = (column: string) => filters.find((filter) => filter.column === column) as ColumnFilter;
  const [population, standingCounts] = useMemo(() => {
    const keys = new Set(markers.map(({ key }) => key));
    const others = markersOf(answer, show, filterRows(rows, rowsOnDay, filters, STANDING), gazetteer, [], standings).markers;
    const standingOf = ({ standing }: Marker) => standing;
    const [drawn, leftOut] = [markers.map(standingOf), others.filter(({ key }) => !keys.has(key)).map(standingOf)];
    const counts = standings.map((standing) => [standing.iri, [...drawn, ...leftOut].filter((own) => own === standing).length] as const);
    return [describePopulation(standings, drawn, changes ? [] : leftOut, lang), new Map(counts)] as const;
  }, [answer, show, rows, rowsOnDay, filters, changes, markers, gazetteer, standings, lang]);
  const hollowNames = [
    ...new Set(
      drawnMarkers
        .filter(({ isPlanned }) => isPlanned)
        .flatMap((marker) => marker.rows.flatMap((row) => keysOf(rows[row]?.[show.planned ?? ""]))),
    ),
  ]
    .filter((key) => key !== show.solid)
    .map((key) => names.get(key) ?? key)
    .join(w.comma);

  const group = params.get("shade") ?? "";
  const highlightedAreas = useMemo(() => highlightsOn(highlights, group, day), [highlights, group, day]);
  const groups = useMemo(
    () =>
      [
        ...namesOf(
          highlights.map((highlight) => highlight.group),
          lang,
        ),
      ].sort(([, a], [, b]) => a.localeCompare(b, lang)),
    [highlights, lang],
  );
  const pick = params.get("pick");
  const selected = markers.find((marker) => marker.key === pick);
  const select = (key: string) => set({ pick: key === pick ? null : key }, true);

  return (
    <div class="map-view">
      <div class="tools">
        <p role="status">
          <b>{fill(w.shown, number(markers.length, lang), number(allMarkers.length, lang), localize(show.things, lang) || w.places)}</b>{" "}
          {visibleRows.length > markers.length && fill(w.inRows, number(visibleRows.length, lang))}
          {drawnMarkers.length < markers.length && ` ${fill(w.beside, number(markers.length - drawnMarkers.length, lang))}`}
        </p>
        {hasTime && population && <p>{population}</p>}
      </div>
      {hasTime && <Time periods={visiblePeriods} day={day} today={today} setDay={setDay} against={against} />}
      <div class="beside">
        <div
          class="picture"
          ref={ref}
          data-picture={[describeDays(w, hasTime ? day : null, against), hasTime && population].filter(Boolean).join(w.sentenceGap)}
        >
          {width > 0 && (
            <World
              title={answer.title}
              width={width}
              gazetteer={gazetteer}
              markers={drawnMarkers}
              allMarkers={extent}
              notes={(row) => notesOf(answer, show, row, lang, w)}
              shades={shades}
              highlights={new Set(highlightedAreas.keys())}
              colors={colors}
              sizes={sizes}
              shapeOf={(marker) =>
                changes ? CHANGE_SHAPES[changes.get(marker.key)?.change ?? "same"] : (shapes.get(marker.status) ?? CIRCLE)
              }
              hasArcs={params.has("arcs")}
              hoveredKey={hoveredKey}
              onHover={setHoveredKey}
              selectedKey={selected?.key ?? null}
              onSelect={select}
            />
          )}
          {selected && <Card answer={answer} show={show} marker={selected} close={() => set({ pick: null }, true)} />}
          <div class="legend">
            {changes && <ChangeLegend changes={[...changes.values()].map(({ change }) => change)} />}
            {!changes && show.color && show.color !== show.status && points.length > 0 && (
              <ColorLegend
                label={labelOf(show.color)}
                colors={keyColors}
                names={names}
                counts={countsOf(show.color)}
                filter={filterOf(show.color)}
              />
            )}
            {show.status && (
              <StatusLegend
                label={labelOf(show.status)}
                shapes={shapes}
                colors={!changes && show.color === show.status ? keyColors : null}
                names={names}
                counts={countsOf(show.status)}
                filter={filterOf(show.status)}
              />
            )}
            {points.some((marker) => marker.size !== null) && <SizeLegend label={labelOf(show.size)} sizes={sizes} hollow={hollowNames} />}
            {show.filters?.map((column) =>
              column === STANDING ? (
                <StandingFilter
                  key={column}
                  label={labelOf(column)}
                  standings={standings}
                  counts={standingCounts}
                  filter={filterOf(column)}
                />
              ) : (
                <FilterLegend key={column} label={labelOf(column)} names={names} counts={countsOf(column)} filter={filterOf(column)} />
              ),
            )}
            {!show.filters?.includes(STANDING) && (
              <StandingLegend
                label={labelOf(STANDING)}
                standings={standings.filter((standing) => drawnMarkers.some((marker) => marker.standing === standing))}
              />
            )}
            {areas.length > 0 && <ShadeLegend label={hasAreaSizes ? labelOf(show.size) : w.rows} shades={shadeScale} />}
          </div>
          <div class="tools">
            <Tools hasHomes={Boolean(show.home)} groups={groups} group={group} members={highlightedAreas.size} />
          </div>
          <p class="quiet hint">{w.hint}</p>
          {points.length > 1 && <p class="quiet">{w.apart}</p>}
          {unlocated.length > 0 && (
            <p class="quiet">
              {fill(
                w.unlocated,
                unlocated.slice(0, MAX_UNLOCATED).join("; ") + (unlocated.length > MAX_UNLOCATED ? ` … (${unlocated.length})` : ""),
              )}
            </p>
          )}
        </div>
        {changes ? (
          <ChangeList answer={answer} show={show} changes={changes} gazetteer={gazetteer} hoveredKey={hoveredKey} onHover={setHoveredKey} />
        ) : allMarkers.length ? (
          <MarkerList answer={answer} show={show} markers={markers} hoveredKey={hoveredKey} onHover={setHoveredKey} />
        ) : (
          <Empty />
        )}
      </div>
    </div>
  );
}

/** Returns the day of a picture, or the two days that it compares; empty if it has none. */
function describeDays(w: (typeof words)["en"], day: number | null, against: number | null): string {
  if (day === null) return "";
  if (against === null) return fill(w.onDay, isoOf(day));
  return fill(w.apartDays, isoOf(Math.min(day, against)), isoOf(Math.max(day, against)));
}
