import type { Marker } from "./markers";

const ROWS = 3;
const WIDE = 260; // pixels

interface Props {
  readonly marker: Marker;
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly width: number;
  readonly notes: (row: number) => readonly string[];
}

/** What a marker is, while it is pointed at. The list says the same to those who do not see it. */
export function Tip({ marker, x, y, r, width, notes }: Props) {
  const left = Math.max(4, Math.min(width - WIDE - 4, x - WIDE / 2));
  return (
    <div class="tip" aria-hidden="true" style={{ left: `${left}px`, top: `${y + r + 8}px`, width: `${WIDE}px` }}>
      <b>{marker.place.label}</b>
      {marker.place.at.iri !== marker.place.iri && <span>{marker.place.at.label}</span>}
      {marker.rows.slice(0, ROWS).map((row) => (
        <span key={row}>{notes(row).join(" · ")}</span>
      ))}
      {marker.rows.length > ROWS && <span>… (+{marker.rows.length - ROWS})</span>}
    </div>
  );
}
