import { useEffect, useRef } from "preact/hooks";
import type { Shown } from "../answer/roles";
import { fill, useLanguage, useWords } from "../state/language";
import { entityAddress } from "../thing/address";
import { words as thingWords } from "../thing/words";
import { traceAddress } from "../trace/address";
import { asText } from "../ui/value";
import { RowLink } from "./list";
import type { Marker } from "./markers";
import { words } from "./words";

/** What is known of a marker that was chosen. */
export function Card({ answer, show, marker, close }: Shown & { marker: Marker; close: () => void }) {
  const w = useWords(words);
  const t = useWords(thingWords);
  const tongue = useLanguage();
  const self = useRef<HTMLDivElement>(null);
  useEffect(() => self.current?.focus({ preventScroll: true }), [marker.key]);
  return (
    <div
      class="card"
      role="dialog"
      aria-label={marker.place.label}
      tabIndex={-1}
      ref={self}
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
          const name = first(row);
          const label = name ? asText(answer.rows[row]?.[name], tongue) : marker.place.label;
          return (
            <li key={row}>
              <RowLink answer={answer} show={show} row={row} label={label} omit={name} />
            </li>
          );
        })}
      </ul>
    </div>
  );

  /** The first that tells more than the place itself does. */
  function first(row: number): string | undefined {
    const own = answer.rows[row] ?? {};
    return [show.label, show.color, show.status].find((one) => {
      const text = one && asText(own[one], tongue);
      return text && text !== marker.place.label;
    });
  }
}
