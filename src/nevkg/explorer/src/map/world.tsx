import { useMemo, useRef } from "preact/hooks";
import { fill, useWords } from "../state/language";
import { SignButtons } from "../ui/controls";
import { CIRCLE, Ring } from "../ui/legend";
import { Arcs, Areas, Labels, Land, type LayerProps, Mark, pointOf, Stripes, shadeColor } from "./layers";
import type { Marker, Sizes } from "./markers";
import { spread } from "./spread";
import { words } from "./words";
import { projectionFor, useZoom } from "./zoom";

const MAX_SHIFT = 0.03; // of a marker, as a share of the width

interface WorldProps extends LayerProps {
  readonly title: string;
  readonly width: number;
  /** The markers of all days, which the map shows at first. */
  readonly allMarkers: readonly Marker[];
  readonly sizes: Sizes;
  /** Returns the shape of a marker. */
  readonly shapeOf: (marker: Marker) => number;
  readonly hasArcs: boolean;
  /** Returns the texts of a row except its label. */
  readonly notes: (row: number) => readonly string[];
}

/** The map itself: land, shaded areas, arcs and markers. */
export function World(props: WorldProps) {
  const { title, width, gazetteer, markers, allMarkers, shades, colors, sizes, shapeOf, hasArcs, notes } = props;
  const { hoveredKey, onHover, selectedKey, onSelect } = props;
  const w = useWords(words);
  const svg = useRef<SVGSVGElement>(null);
  const height = Math.round(Math.min(640, Math.max(320, width * 0.52)));
  const frame = useMemo(() => ({ width, height }), [width, height]);
  const projection = useMemo(() => projectionFor(frame), [frame]);
  const zoom = useZoom(svg, projection, frame, allMarkers.map(pointOf));
  const { transform } = zoom;
  const areas = markers.filter((marker) => marker.isArea && gazetteer.areas.get(marker.key));
  const discs = useMemo(() => {
    const points = markers
      .filter((marker) => !(marker.isArea && gazetteer.areas.get(marker.key)))
      .map((marker) => ({ marker, r: sizes.of(marker.size), at: projection(pointOf(marker)) ?? [0, 0] }))
      .sort((a, b) => b.r - a.r || (a.marker.key < b.marker.key ? -1 : 1));
    const homes = points.map(({ r, at }) => ({ x: transform.applyX(at[0] as number), y: transform.applyY(at[1] as number), r }));
    const positions = spread(homes, MAX_SHIFT * width);
    return points.map(({ marker, r }, index) => ({ marker, r, home: homes[index], ...(positions[index] ?? { x: 0, y: 0 }) }));
  }, [markers, gazetteer, sizes, projection, transform, width]);
  const shift = `translate(${transform.x},${transform.y}) scale(${transform.k})`;
  const order = useMemo(() => [...discs].sort((a, b) => a.x - b.x).map((disc) => disc.marker.key), [discs]);
  const hovered = discs.find((disc) => disc.marker.key === hoveredKey);
  const tabStop = selectedKey && order.includes(selectedKey) ? selectedKey : order[0];

  const handleKey = (event: KeyboardEvent, key: string) => {
    const step =
      event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Enter" || event.key === " ") onSelect(key);
    else if (!step) return;
    else {
      const next = order[(order.indexOf(key) + step + order.length) % order.length];
      const element = [...(svg.current?.querySelectorAll<SVGElement>("[data-key]") ?? [])].find(({ dataset }) => dataset.key === next);
      element?.focus();
    }
    event.preventDefault();
  };

  return (
    <div class="world">
      {/* biome-ignore lint/a11y/useSemanticElements: SVG has no fieldset */}
      <svg
        ref={svg}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="group"
        aria-label={`${fill(w.label, title)}. ${w.keys}`}
      >
        <Stripes scale={transform.k} />
        <g transform={shift}>
          <Land outlines={gazetteer.outlines} projection={projection} />
          <Areas {...props} areas={areas} projection={projection} />
          {hasArcs && <Arcs markers={markers} gazetteer={gazetteer} colors={colors} projection={projection} hoveredKey={hoveredKey} />}
        </g>
        <Labels markers={markers} discs={discs} gazetteer={gazetteer} projection={projection} transform={transform} frame={frame} />
        {discs.map(({ marker, r, x, y, home }) => (
          <g key={marker.key}>
            {home && Math.hypot(home.x - x, home.y - y) > r && marker.key === hoveredKey && (
              <line class="leash" x1={home.x} y1={home.y} x2={x} y2={y} />
            )}
            {/* biome-ignore lint/a11y/useSemanticElements: SVG has no buttons */}
            <g
              role="button"
              class="disc"
              tabindex={marker.key === tabStop ? 0 : -1}
              aria-label={marker.place.label}
              aria-pressed={marker.key === selectedKey}
              data-key={marker.key}
              transform={`translate(${x.toFixed(1)},${y.toFixed(1)})`}
              onClick={() => onSelect(marker.key)}
              onKeyDown={(event) => handleKey(event, marker.key)}
              onPointerEnter={() => onHover(marker.key)}
              onPointerLeave={() => onHover(null)}
              onFocus={() => onHover(marker.key)}
              onBlur={() => onHover(null)}
            >
              {(marker.key === hoveredKey || marker.key === selectedKey) && <circle class="halo" r={r + 4} />}
              <Mark
                r={r}
                colors={marker.isArea ? [shadeColor(shades.get(marker.key))] : marker.colors.map(colors.of)}
                shape={marker.isArea ? CIRCLE : shapeOf(marker)}
                isHollow={marker.isPlanned}
                isFaint={marker.standing?.isUpheld === false}
              />
              <Ring r={r + 2.4} standing={marker.standing} />
            </g>
          </g>
        ))}
      </svg>
      {hovered && hovered.marker.key !== selectedKey && <Tip {...hovered} width={width} notes={notes} />}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset needs a visible legend */}
      <div class="zoom" role="group" aria-label={w.map}>
        <SignButtons
          buttons={[
            ["+", w.zoomIn, () => zoom.by(1)],
            ["−", w.zoomOut, () => zoom.by(-1)],
            ["⤢", w.fit, () => zoom.fit(markers.map(pointOf))],
          ]}
        />
      </div>
    </div>
  );
}

const MAX_ROWS = 3;
const WIDTH = 260; // pixels

interface TipProps {
  readonly marker: Marker;
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly width: number;
  readonly notes: (row: number) => readonly string[];
}

/** A tooltip for the marker under the pointer. It is hidden from screen readers, since the list has the same content. */
function Tip({ marker, x, y, r, width, notes }: TipProps) {
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
