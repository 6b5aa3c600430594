import { useMemo } from "preact/hooks";
import { evidenceOf, type Shown } from "../answer/roles";
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

interface Props extends Shown {
  readonly markers: readonly Marker[];
  readonly hot: string | null;
  readonly heat: (key: string | null) => void;
}

/** The columns by which the list can be grouped, the best first: those that most rows fill, and not all with the same. */
function groupings({ answer, show }: Shown): string[] {
  const told = [show.place, show.home, show.label, show.status, show.color];
  const things = answer.columns.filter(
    (column) =>
      column.type === "thing" && (!column.list || column.name === show.color) && column.name !== show.place && column.name !== show.label,
  );
  const groups = (name: string) => {
    const told = answer.rows.map((row) => keysOf(row[name])).filter((keys) => keys.length > 0);
    return told.length * 2 >= answer.rows.length && new Set(told.map((keys) => keys.join(" "))).size > 1;
  };
  const names = things.map((column) => column.name).filter(groups);
  return [...names.filter((name) => !told.includes(name)), ...names.filter((name) => told.includes(name))];
}

/** What the map shows, as a list: for the keyboard and for those who do not see. */
export function MarkerList({ answer, show, markers, hot, heat }: Props) {
  const w = useWords(words);
  const tongue = useLanguage();
  const { params } = useRoute();
  const choices = groupings({ answer, show }).slice(0, 6);
  const group = choices.find((name) => name === params.get("group")) ?? choices[0];
  const filter = params.get("filter") ?? "";
  const groups = useMemo(() => {
    const sought = fold(filter).split(/\s+/).filter(Boolean);
    const names = [show.place, show.label, show.color, show.status, group].filter((name): name is string => name !== undefined);
    const found = new Map<string, { marker: Marker; row: number }[]>();
    for (const marker of markers) {
      for (const row of marker.rows) {
        const own = answer.rows[row];
        const text = fold([marker.place.label, ...names.map((name) => asText(own?.[name], tongue))].join(" "));
        if (!sought.every((word) => text.includes(word))) continue;
        const title = group ? asText(own?.[group], tongue) || w.unknown : "";
        found.set(title, [...(found.get(title) ?? []), { marker, row }]);
      }
    }
    const collator = new Intl.Collator(tongue);
    return [...found].sort(([a, m], [b, n]) => n.length - m.length || collator.compare(a, b));
  }, [answer, show, markers, filter, group, tongue, w]);
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="items" aria-label={w.list} tabIndex={0}>
        {groups.map(([title, items]) => (
          <section key={title}>
            {title && (
              <h2>
                <bdi>{title}</bdi> <span class="count">{number(items.length, tongue)}</span>
              </h2>
            )}
            <ul>
              {items.map(({ marker, row }) => (
                <li
                  key={marker.key + row}
                  class={marker.key === hot ? "hot" : ""}
                  onPointerEnter={() => heat(marker.key)}
                  onPointerLeave={() => heat(null)}
                >
                  <RowLink
                    answer={answer}
                    show={show}
                    row={row}
                    label={labelOf(answer, show, marker, row, asText)}
                    omit={group}
                    heat={() => heat(marker.key)}
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

  function labelOf(of: Shown["answer"], roles: Shown["show"], marker: Marker, row: number, text: typeof asText): string {
    return (roles.label && text(of.rows[row]?.[roles.label], tongue)) || marker.place.label;
  }
}

interface RowProps extends Shown {
  readonly row: number;
  readonly label: string;
  readonly omit?: string | undefined;
  readonly heat?: () => void;
  readonly note?: string | undefined;
}

/** The values of a row, without its label. */
export function notesOf(
  answer: Shown["answer"],
  show: Shown["show"],
  row: number,
  tongue: Language,
  w: (typeof words)["en"],
  omit?: string,
): string[] {
  const own = answer.rows[row] ?? {};
  const text = (name: string | undefined) => (name && name !== omit && name !== show.label ? asText(own[name], tongue) : "");
  const [size, since] = [text(show.size), text(show.since ?? show.from)];
  const sizeLabel = answer.columns.find((column) => column.name === show.size)?.label ?? show.size ?? "";
  const time = [since && fill(w.since, since), (show.until && own[show.until] && fill(w.until, String(own[show.until]))) || ""];
  return [text(show.color), text(show.status), text(STANDING), size && `${sizeLabel}: ${size}`, ...time].filter(Boolean);
}

/** A row in short, leading to what it rests on. */
export function RowLink({ answer, show, row, label, omit, heat, note }: RowProps) {
  const w = useWords(words);
  const tongue = useLanguage();
  const own = answer.rows[row] ?? {};
  const evidence = evidenceOf(answer, row);
  const place = show.place && own[show.place];
  const target = evidence.length ? evidence : place && typeof place === "object" && "iri" in place ? [place.iri] : [];
  const notes = [...notesOf(answer, show, row, tongue, w, omit), ...(note ? [note] : [])];
  return (
    <>
      {target.length ? (
        <a href={traceAddress(target)} title={w.who} onFocus={heat}>
          <bdi>{label}</bdi>
        </a>
      ) : (
        <bdi>{label}</bdi>
      )}
      {notes.length > 0 && <small>{notes.join(" · ")}</small>}
    </>
  );
}
