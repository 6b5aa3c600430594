import { useEffect, useMemo, useRef } from "preact/hooks";
import { type AnswerProps, columnLabel, evidenceOf } from "../answer/roles";
import type { Language } from "../api/types";
import { entityAddress, traceAddress } from "../state/address";
import { fill, number, useLanguage, useWords } from "../state/language";
import { set, useRoute } from "../state/route";
import { STANDING } from "../state/standings";
import { ChangeGroups } from "../ui/changes";
import { Choice, FilterField } from "../ui/controls";
import { Empty } from "../ui/loading";
import { matcherOf } from "../ui/text";
import { asText, keysOf } from "../ui/values";
import type { Gazetteer } from "./gazetteer";
import type { Marker } from "./markers";
import type { PlaceChange } from "./periods";
import { words } from "./words";

interface MarkerListProps extends AnswerProps {
  readonly markers: readonly Marker[];
  readonly hoveredKey: string | null;
  readonly onHover: (key: string | null) => void;
}

/** Returns the columns that the list can be grouped by: at least half of the rows have a value, and not all the same. */
function groupColumns({ answer, show }: AnswerProps): string[] {
  const roles = [show.place, show.home, show.label, show.status, show.color];
  const columns = answer.columns.filter(
    (column) =>
      column.type === "thing" && (!column.list || column.name === show.color) && column.name !== show.place && column.name !== show.label,
  );
  const isUseful = (name: string) => {
    const cells = answer.rows.map((row) => keysOf(row[name])).filter((keys) => keys.length > 0);
    return cells.length * 2 >= answer.rows.length && new Set(cells.map((keys) => keys.join(" "))).size > 1;
  };
  const names = columns.map((column) => column.name).filter(isUseful);
  // Columns without a role first, since the list shows the others anyway.
  return [...names.filter((name) => !roles.includes(name)), ...names.filter((name) => roles.includes(name))];
}

/** The rows on the map as a list, which also makes them accessible by keyboard and screen reader. */
export function MarkerList({ answer, show, markers, hoveredKey, onHover }: MarkerListProps) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const choices = groupColumns({ answer, show }).slice(0, 6);
  const group = choices.find((name) => name === params.get("group")) ?? choices[0];
  const filter = params.get("filter") ?? "";
  const groups = useMemo(() => {
    const isMatch = matcherOf(filter);
    const names = [show.place, show.label, show.color, show.status, group].filter((name): name is string => name !== undefined);
    const textOf = (row: number, name: string) => asText(answer.rows[row]?.[name], lang);
    const items = markers
      .flatMap((marker) => marker.rows.map((row) => ({ marker, row })))
      .filter(({ marker, row }) => isMatch([marker.place.label, ...names.map((name) => textOf(row, name))].join(" ")));
    const collator = new Intl.Collator(lang);
    return [...Map.groupBy(items, ({ row }) => (group ? textOf(row, group) || w.unstated : ""))].sort(
      ([a, m], [b, n]) => n.length - m.length || collator.compare(a, b),
    );
  }, [answer, show, markers, filter, group, lang, w]);
  return (
    <div class="list">
      <div class="tools">
        <FilterField label={w.filterList} value={filter} change={(value) => set({ filter: value }, true)} isCompact />
        {choices.length > 1 && (
          <Choice
            label={w.groupBy}
            value={group ?? ""}
            options={choices.map((name) => [name, columnLabel(answer.columns, name)])}
            choose={(name) => set({ group: name })}
          />
        )}
      </div>
      {groups.length === 0 && <Empty>{w.nothing}</Empty>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolling by keyboard needs focus */}
      <section class="items" aria-label={w.list} tabIndex={0}>
        {groups.map(([title, items]) => (
          <section key={title}>
            {title && (
              <h2>
                <bdi>{title}</bdi> <span class="count">{number(items.length, lang)}</span>
              </h2>
            )}
            <ul>
              {items.map(({ marker, row }) => (
                <li
                  key={marker.key + row}
                  class={marker.key === hoveredKey ? "hot" : ""}
                  onPointerEnter={() => onHover(marker.key)}
                  onPointerLeave={() => onHover(null)}
                >
                  <RowLink
                    answer={answer}
                    show={show}
                    row={row}
                    label={labelOf(marker, row)}
                    omit={group}
                    onHover={() => onHover(marker.key)}
                    note={marker.isCoarse ? w.coarse : undefined}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </section>
    </div>
  );

  function labelOf(marker: Marker, row: number): string {
    return (show.label && asText(answer.rows[row]?.[show.label], lang)) || marker.place.label;
  }
}

interface RowProps extends AnswerProps {
  readonly row: number;
  readonly label: string;
  readonly omit?: string | undefined;
  readonly onHover?: () => void;
  readonly note?: string | undefined;
}

/** Returns the texts of a row except its label. */
export function notesOf(
  answer: AnswerProps["answer"],
  show: AnswerProps["show"],
  row: number,
  lang: Language,
  w: (typeof words)["en"],
  omit?: string,
): string[] {
  const cells = answer.rows[row] ?? {};
  const text = (name: string | undefined) => (name && name !== omit && name !== show.label ? asText(cells[name], lang) : "");
  const [size, since] = [text(show.size), text(show.since ?? show.from)];
  const sizeLabel = columnLabel(answer.columns, show.size);
  const time = [since && fill(w.since, since), (show.until && cells[show.until] && fill(w.until, String(cells[show.until]))) || ""];
  // Only the first of the columns that filter names what is at the place; the others are about it.
  const columns = new Set([show.filters?.[0], show.color, show.status, STANDING]);
  const kind = size && text(show.planned);
  return [...[...columns].map(text), size && `${sizeLabel}${w.colon}${size}${kind && ` (${kind})`}`, ...time].filter(Boolean);
}

/** The label and notes of a row, with a link to its evidence. */
function RowLink({ answer, show, row, label, omit, onHover, note }: RowProps) {
  const w = useWords(words);
  const lang = useLanguage();
  const evidence = evidenceOf(answer, row);
  const place = show.place && answer.rows[row]?.[show.place];
  const target = evidence.length ? evidence : place && typeof place === "object" && "iri" in place ? [place.iri] : [];
  const notes = [...notesOf(answer, show, row, lang, w, omit), ...(note ? [note] : [])];
  return (
    <>
      {target.length ? (
        <a href={traceAddress(target)} title={w.evidence} onFocus={onHover}>
          <bdi>{label}</bdi>
        </a>
      ) : (
        <bdi>{label}</bdi>
      )}
      {notes.length > 0 && (
        <small>
          {notes.map((text, index) => (
            <span key={text}>{index < notes.length - 1 ? `${text} · ` : text}</span>
          ))}
        </small>
      )}
    </>
  );
}

interface ChangeListProps extends AnswerProps {
  readonly changes: ReadonlyMap<string, PlaceChange>;
  readonly gazetteer: Gazetteer;
  readonly hoveredKey: string | null;
  readonly onHover: (key: string | null) => void;
}

/** The list of changes between two days: for each place its rows before and after. */
export function ChangeList({ answer, show, changes, gazetteer, hoveredKey, onHover }: ChangeListProps) {
  const w = useWords(words);
  return (
    <div class="list">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolling by keyboard needs focus */}
      <section class="items" aria-label={w.changes} tabIndex={0}>
        <ChangeGroups items={[...changes]} changeOf={([, { change }]) => change} isOpen={(change) => change !== "same"}>
          {([key, { rows, before }]) => (
            <li key={key} class={key === hoveredKey ? "hot" : ""} onPointerEnter={() => onHover(key)} onPointerLeave={() => onHover(null)}>
              {[...before, ...rows].map((row) => (
                <div key={row}>
                  <RowLink
                    answer={answer}
                    show={show}
                    row={row}
                    label={gazetteer.places.get(key)?.label ?? key}
                    note={before.includes(row) ? w.before : undefined}
                  />
                </div>
              ))}
            </li>
          )}
        </ChangeGroups>
      </section>
    </div>
  );
}

/** The details of the selected marker. */
export function Card({ answer, show, marker, close }: AnswerProps & { marker: Marker; close: () => void }) {
  const w = useWords(words);
  const lang = useLanguage();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.focus({ preventScroll: true }), [marker.key]);
  return (
    <div
      class="card"
      role="dialog"
      aria-label={marker.place.label}
      tabIndex={-1}
      ref={ref}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <button type="button" class="close" aria-label={w.close} onClick={close}>
        <span aria-hidden="true">×</span>
      </button>
      <h2>
        <a href={traceAddress([marker.key])}>
          <bdi>{marker.place.label}</bdi>
        </a>
      </h2>
      <p>
        <a href={entityAddress(marker.place.iri)}>{fill(w.pageOf, marker.place.label)}</a>
      </p>
      {marker.place.at.iri !== marker.place.iri && (
        <p class="quiet">
          <bdi>{marker.place.at.label}</bdi>
          {marker.isCoarse && ` (${w.coarse})`}
        </p>
      )}
      <ul>
        {marker.rows.map((row) => {
          const name = labelColumn(row);
          const label = name ? asText(answer.rows[row]?.[name], lang) : marker.place.label;
          return (
            <li key={row}>
              <RowLink answer={answer} show={show} row={row} label={label} omit={name} />
            </li>
          );
        })}
      </ul>
    </div>
  );

  /** Returns the first column whose text differs from the name of the place. */
  function labelColumn(row: number): string | undefined {
    const cells = answer.rows[row] ?? {};
    return [show.label, show.color, show.status].find((column) => {
      const text = column && asText(cells[column], lang);
      return text && text !== marker.place.label;
    });
  }
}
