import { useEffect, useRef } from "preact/hooks";
import type { AnswerProps } from "../answer/roles";
import { fill, useLanguage, useWords } from "../state/language";
import { entityAddress } from "../thing/address";
import { words as thingWords } from "../thing/words";
import { traceAddress } from "../trace/address";
import { asText } from "../ui/value";
import { RowLink } from "./list";
import type { Marker } from "./markers";
import { words } from "./words";

/** The details of the selected marker. */
export function Card({ answer, show, marker, close }: AnswerProps & { marker: Marker; close: () => void }) {
  const w = useWords(words);
  const t = useWords(thingWords);
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
        <a href={entityAddress(marker.place.iri)}>{fill(t.page, marker.place.label)}</a>
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
