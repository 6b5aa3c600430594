import type { Marker } from "./markers";

const MAX_ROWS = 3;
const WIDTH = 260; // pixels

interface Props {
  readonly marker: Marker;
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly width: number;
  readonly notes: (row: number) => readonly string[];
}

/** A tooltip for the marker under the pointer. It is hidden from screen readers, since the list has the same content. */
export function Tip({ marker, x, y, r, width, notes }: Props) {
  const left = Math.max(4, Math.min(width - WIDTH - 4, x - WIDTH / 2));
  return (
    <div class="tip" aria-hidden="true" style={{ left: `${left}px`, top: `${y + r + 8}px`, width: `${WIDTH}px` }}>
      <b>{marker.place.label}</b>
      {marker.place.at.iri !== marker.place.iri && <span>{marker.place.at.label}</span>}
      {marker.rows.slice(0, MAX_ROWS).map((row) => (
        <span key={row}>{notes(row).join(" · ")}</span>
      ))}
      {marker.rows.length > MAX_ROWS && <span>… (+{marker.rows.length - MAX_ROWS})</span>}
    </div>
  );
}
