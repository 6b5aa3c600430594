import { useMemo } from "preact/hooks";
import { type AnswerProps, evidenceOf } from "../answer/roles";
import { fold } from "../answer/rows";
import type { Language } from "../api/types";
import { fill, number, useLanguage, useWords } from "../state/language";
import { set, useRoute } from "../state/route";
import { STANDING } from "../state/standings";
import { traceAddress } from "../trace/address";
import { keysOf } from "../ui/keys";
import { Empty } from "../ui/loaded";
import { asText } from "../ui/value";
import type { Marker } from "./markers";
import { words } from "./words";

interface Props extends AnswerProps {
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
export function MarkerList({ answer, show, markers, hoveredKey, onHover }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const choices = groupColumns({ answer, show }).slice(0, 6);
  const group = choices.find((name) => name === params.get("group")) ?? choices[0];
  const filter = params.get("filter") ?? "";
  const groups = useMemo(() => {
    const searchWords = fold(filter).split(/\s+/).filter(Boolean);
    const names = [show.place, show.label, show.color, show.status, group].filter((name): name is string => name !== undefined);
    const rowGroups = new Map<string, { marker: Marker; row: number }[]>();
    for (const marker of markers) {
      for (const row of marker.rows) {
        const cells = answer.rows[row];
        const text = fold([marker.place.label, ...names.map((name) => asText(cells?.[name], lang))].join(" "));
        if (!searchWords.every((word) => text.includes(word))) continue;
        const title = group ? asText(cells?.[group], lang) || w.unknown : "";
        rowGroups.set(title, [...(rowGroups.get(title) ?? []), { marker, row }]);
      }
    }
    const collator = new Intl.Collator(lang);
    return [...rowGroups].sort(([a, m], [b, n]) => n.length - m.length || collator.compare(a, b));
  }, [answer, show, markers, filter, group, lang, w]);
  return (
    <div class="list">
      <div class="tools">
        <input
          type="search"
          aria-label={w.filter}
          placeholder={w.filter}
          value={filter}
          onInput={(event) => set({ filter: event.currentTarget.value }, true)}
        />
        {choices.length > 1 && (
          <label>
            <span>{w.group}</span>
            <select value={group} onChange={(event) => set({ group: event.currentTarget.value })}>
              {choices.map((name) => (
                <option key={name} value={name}>
                  {answer.columns.find((column) => column.name === name)?.label ?? name}
                </option>
              ))}
            </select>
          </label>
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
  const sizeLabel = answer.columns.find((column) => column.name === show.size)?.label ?? show.size ?? "";
  const time = [since && fill(w.since, since), (show.until && cells[show.until] && fill(w.until, String(cells[show.until]))) || ""];
  return [text(show.color), text(show.status), text(STANDING), size && `${sizeLabel}: ${size}`, ...time].filter(Boolean);
}

/** The label and notes of a row, with a link to its evidence. */
export function RowLink({ answer, show, row, label, omit, onHover, note }: RowProps) {
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
      {notes.length > 0 && <small>{notes.join(" · ")}</small>}
    </>
  );
}
