import { useMemo, useRef, useState } from "preact/hooks";
import type { Shown } from "../answer/roles";
import { useColors } from "../state/colors";
import { useDay } from "../state/day";
import { fill, number, say, useLanguage, useWords } from "../state/language";
import { set, useRoute } from "../state/route";
import { STANDING, useStandings } from "../state/standings";
import { AGAINST, ChangeLegend } from "../ui/changes";
import { dayOf, isoOf } from "../ui/dates";
import { hasSelectedValue, keysOf, namesOf, tally } from "../ui/keys";
import { ColorLegend, EVERY } from "../ui/legend";
import { Empty } from "../ui/loaded";
import { StandingLegend } from "../ui/standing";
import { useWidth } from "../ui/width";
import { Card } from "./card";
import { ChangeList } from "./changes";
import { compare, OF_CHANGES } from "./compare";
import type { Gazetteer } from "./gazetteer";
import { ShadeLegend, SizeLegend, StatusLegend } from "./legend";
import { MarkerList, notesOf } from "./list";
import { shadesOf, sizesOf, stylesOf } from "./looks";
import { markersOf, ranked, type Shade, shaded } from "./markers";
import { holds, type Spell, spellOf } from "./spells";
import { Time } from "./time";
import { Tools } from "./tools";
import { words } from "./words";
import { World } from "./world";
import "./map.css";

const ONLY = "only";
const STATE = "state";
const NARROW = 600;
const LOST = 12;

interface Props extends Shown {
  readonly where: Gazetteer;
  readonly shades?: readonly Shade[];
}

/** Rows on a map, with what they mean and a list of them. */
export function MapView({ answer, show, where, shades = [] }: Props) {
  const w = useWords(words);
  const tongue = useLanguage();
  const { params } = useRoute();
  const self = useRef<HTMLDivElement>(null);
  const width = useWidth(self);
  const [hot, heat] = useState<string | null>(null);
  const { rows, columns } = answer;
  const labelOf = (name: string | undefined) => columns.find((column) => column.name === name)?.label ?? name ?? "";

  const hasTime = Boolean(show.from || show.until);
  const today = dayOf(answer.asOf) ?? 0;
  const [day, toDay] = useDay(today);
  const spells = useMemo(() => rows.map((row) => spellOf(row, show)), [rows, show]);
  const all = useMemo(() => rows.map((_, place) => place), [rows]);

  const only = params.getAll(ONLY);
  const stated = params.getAll(STATE);
  const state = stated.includes(EVERY) ? [] : stated.length ? stated : (show.first ?? []);
  const [onDay, wanted] = useMemo(() => {
    const [colored, inState] = [new Set(only), new Set(state)];
    return [
      all.filter((row) => !hasTime || holds(spells[row] as Spell, day)),
      all.filter(
        (row) =>
          (!show.color || hasSelectedValue(rows[row]?.[show.color], colored)) &&
          (!show.status || hasSelectedValue(rows[row]?.[show.status], inState)),
      ),
    ];
  }, [all, spells, hasTime, day, rows, show, only.join(" "), state.join(" ")]);
  const shownSpells = useMemo(() => wanted.map((row) => spells[row] as Spell), [wanted, spells]);
  const against = hasTime ? dayOf(params.get(AGAINST) ?? "") : null;
  const changes = useMemo(
    () => (against === null ? null : compare(rows, show, wanted, spells, [Math.min(against, day), Math.max(against, day)])),
    [rows, show, wanted, spells, against, day],
  );
  const chosen = useMemo(() => {
    const now = new Set(changes ? [...changes.values()].flatMap((one) => one.rows) : onDay);
    return wanted.filter((row) => now.has(row));
  }, [onDay, wanted, changes]);
  const styles = useMemo(
    () => stylesOf(show.status ? ranked(rows, show.status, hasTime ? spells : undefined, today) : []),
    [rows, show, spells, hasTime, today],
  );
  const standings = useStandings();
  const { markers, lost } = useMemo(() => {
    const found = markersOf(answer, show, chosen, where, [...styles.keys()], standings);
    if (!changes) return found;
    return { ...found, markers: found.markers.map((marker) => ({ ...marker, colors: [changes.get(marker.key)?.change ?? ""] })) };
  }, [answer, show, chosen, where, styles, standings, changes]);
  const begin = useMemo(() => markersOf(answer, show, all, where).markers, [answer, show, all, where]);
  // A marker in the middle of a country would state a place that no source gives, so these are only listed.
  const drawn = useMemo(() => markers.filter((marker) => !marker.isCoarse), [markers]);
  const fitted = useMemo(() => begin.filter((marker) => !marker.isCoarse), [begin]);

  const keys = useMemo(() => (show.color ? rows.flatMap((row) => keysOf(row[show.color as string])) : []), [rows, show]);
  const own = useColors(keys);
  const colors = changes ? OF_CHANGES : own;
  const points = begin.filter((marker) => !marker.isArea);
  const areas = markers.filter((marker) => marker.isArea);
  const most = width < NARROW ? 9 : 18;
  const sizes = useMemo(
    () =>
      sizesOf(
        begin.map((marker) => (marker.isArea ? null : marker.size)),
        most,
      ),
    [begin, most],
  );
  const sized = areas.some((marker) => marker.size !== null);
  const weight = (marker: (typeof begin)[number]) => marker.size ?? (sized ? 0 : marker.rows.length);
  const hueScale = shadesOf(areas.map(weight));
  const hues = new Map(areas.map((marker) => [marker.key, hueScale.of(weight(marker))]));
  const tallied = useMemo(() => onDay.map((row) => rows[row] ?? {}), [onDay, rows]);
  const names = useMemo(
    () =>
      namesOf(
        rows.flatMap((row) => [show.color ? row[show.color] : null, show.status ? row[show.status] : null]),
        tongue,
      ),
    [rows, show, tongue],
  );

  const group = params.get("shade") ?? "";
  const striped = useMemo(() => shaded(shades, group, day), [shades, group, day]);
  const groups = useMemo(
    () =>
      [
        ...namesOf(
          shades.map((one) => one.group),
          tongue,
        ),
      ].sort(([, a], [, b]) => a.localeCompare(b, tongue)),
    [shades, tongue],
  );
  const pick = params.get("pick");
  const picked = markers.find((marker) => marker.key === pick);
  const choose = (key: string) => set({ pick: key === pick ? null : key }, true);

  return (
    <div class="map-view">
      <div class="tools">
        <p role="status">
          <b>{fill(w.shown, number(markers.length, tongue), number(begin.length, tongue), say(show.things, tongue) || w.places)}</b>{" "}
          {chosen.length > markers.length && fill(w.inRows, number(chosen.length, tongue))}
          {drawn.length < markers.length && ` ${fill(w.beside, number(markers.length - drawn.length, tongue))}`}
        </p>
        <Tools hasHomes={Boolean(show.home)} groups={groups} group={group} members={striped.size} />
      </div>
      {hasTime && <Time spells={shownSpells} day={day} today={today} to={toDay} against={against} />}
      <div class="beside">
        <div class="picture" ref={self} data-picture={describeDays(w, hasTime ? day : null, against)}>
          {width > 0 && (
            <World
              title={answer.title}
              width={width}
              where={where}
              markers={drawn}
              begin={fitted}
              notes={(row) => notesOf(answer, show, row, tongue, w)}
              hues={hues}
              striped={new Set(striped.keys())}
              colors={colors}
              sizes={sizes}
              styles={styles}
              arcs={params.has("arcs")}
              hot={hot}
              heat={heat}
              chosen={picked?.key ?? null}
              choose={choose}
            />
          )}
          {picked && <Card answer={answer} show={show} marker={picked} close={() => set({ pick: null }, true)} />}
          <div class="legend">
            {changes && <ChangeLegend changes={[...changes.values()].map((one) => one.change)} />}
            {!changes && show.color && points.length > 0 && (
              <ColorLegend
                label={labelOf(show.color)}
                colors={colors}
                names={names}
                counts={tally(tallied, show.color)}
                filter={{ key: ONLY, selected: only }}
              />
            )}
            {show.status && (
              <StatusLegend
                label={labelOf(show.status)}
                styles={styles}
                names={names}
                counts={tally(tallied, show.status)}
                filter={{ key: STATE, selected: state, isNarrowed: Boolean(show.first) }}
              />
            )}
            {points.some((marker) => marker.size !== null) && <SizeLegend label={labelOf(show.size)} sizes={sizes} />}
            <StandingLegend
              label={labelOf(STANDING)}
              standings={standings.filter((one) => markers.some((marker) => !marker.isArea && marker.standing === one))}
            />
            {areas.length > 0 && <ShadeLegend label={sized ? labelOf(show.size) : w.rows} shades={hueScale} />}
          </div>
          <p class="quiet hint">{w.hint}</p>
          {points.length > 1 && <p class="quiet">{w.apart}</p>}
          {lost.length > 0 && (
            <p class="quiet">{fill(w.lost, lost.slice(0, LOST).join("; ") + (lost.length > LOST ? ` … (${lost.length})` : ""))}</p>
          )}
        </div>
        {changes ? (
          <ChangeList answer={answer} show={show} changes={changes} where={where} hot={hot} heat={heat} />
        ) : begin.length ? (
          <MarkerList answer={answer} show={show} markers={markers} hot={hot} heat={heat} />
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
