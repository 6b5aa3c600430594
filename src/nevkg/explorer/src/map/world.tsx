import { useMemo, useRef } from "preact/hooks";
import { fill, useWords } from "../state/language";
import { Ring } from "../ui/standing";
import { Disc } from "./disc";
import { Labels } from "./labels";
import { Arcs, Areas, Lands, type OnLand, point, Stripes, shadeOf } from "./land";
import type { Sizes, Style } from "./looks";
import type { Marker } from "./markers";
import { spread } from "./spread";
import { Tip } from "./tip";
import { words } from "./words";
import { projectionFor, useZoom } from "./zoom";

const FAR = 0.03; // of the width that a marker may be moved

interface Props extends OnLand {
  readonly title: string;
  readonly width: number;
  readonly begin: readonly Marker[];
  readonly sizes: Sizes;
  readonly styles: ReadonlyMap<string, Style>;
  readonly arcs: boolean;
  /** The values of a row, without its label. */
  readonly notes: (row: number) => readonly string[];
}

/** The map itself: lands, shaded areas, arcs, markers. */
export function World(props: Props) {
  const { title, width, where, markers, begin, hues, colors, sizes, styles, arcs, notes, hot, heat, chosen, choose } = props;
  const w = useWords(words);
  const svg = useRef<SVGSVGElement>(null);
  const height = Math.round(Math.min(640, Math.max(320, width * 0.52)));
  const frame = useMemo(() => ({ width, height }), [width, height]);
  const projection = useMemo(() => projectionFor(frame), [frame]);
  const zoom = useZoom(svg, projection, frame, begin.map(point));
  const { transform } = zoom;
  const areas = markers.filter((marker) => marker.isArea && where.areas.get(marker.key));
  const discs = useMemo(() => {
    const own = markers
      .filter((marker) => !(marker.isArea && where.areas.get(marker.key)))
      .map((marker) => ({ marker, r: sizes.of(marker.size), at: projection(point(marker)) ?? [0, 0] }))
      .sort((a, b) => b.r - a.r || (a.marker.key < b.marker.key ? -1 : 1));
    const homes = own.map(({ r, at }) => ({ x: transform.applyX(at[0] as number), y: transform.applyY(at[1] as number), r }));
    const placed = spread(homes, FAR * width);
    return own.map(({ marker, r }, place) => ({ marker, r, home: homes[place], ...(placed[place] ?? { x: 0, y: 0 }) }));
  }, [markers, where, sizes, projection, transform, width]);
  const shift = `translate(${transform.x},${transform.y}) scale(${transform.k})`;
  const order = useMemo(() => [...discs].sort((a, b) => a.x - b.x).map((disc) => disc.marker.key), [discs]);
  const pointed = discs.find((disc) => disc.marker.key === hot);
  const stop = chosen && order.includes(chosen) ? chosen : order[0];

  const step = (event: KeyboardEvent, key: string) => {
    const by = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Enter" || event.key === " ") choose(key);
    else if (!by) return;
    else {
      const next = order[(order.indexOf(key) + by + order.length) % order.length];
      const found = [...(svg.current?.querySelectorAll<SVGElement>("[data-key]") ?? [])].find((one) => one.dataset.key === next);
      found?.focus();
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
          <Lands outlines={where.outlines} projection={projection} />
          <Areas {...props} areas={areas} projection={projection} />
          {arcs && <Arcs markers={markers} where={where} colors={colors} projection={projection} hot={hot} />}
        </g>
        <Labels markers={markers} where={where} projection={projection} transform={transform} frame={frame} />
        {discs.map(({ marker, r, x, y, home }) => (
          <g key={marker.key}>
            {home && Math.hypot(home.x - x, home.y - y) > r && marker.key === hot && (
              <line class="leash" x1={home.x} y1={home.y} x2={x} y2={y} />
            )}
            {/* biome-ignore lint/a11y/useSemanticElements: SVG has no buttons */}
            <g
              role="button"
              class="disc"
              tabindex={marker.key === stop ? 0 : -1}
              aria-label={marker.place.label}
              aria-pressed={marker.key === chosen}
              data-key={marker.key}
              transform={`translate(${x.toFixed(1)},${y.toFixed(1)})`}
              onClick={() => choose(marker.key)}
              onKeyDown={(event) => step(event, marker.key)}
              onPointerEnter={() => heat(marker.key)}
              onPointerLeave={() => heat(null)}
              onFocus={() => heat(marker.key)}
              onBlur={() => heat(null)}
            >
              {(marker.key === hot || marker.key === chosen) && <circle class="halo" r={r + 4} />}
              <Disc
                r={r}
                colors={marker.isArea ? [shadeOf(hues.get(marker.key))] : marker.colors.map(colors.of)}
                style={styles.get(marker.status) ?? "solid"}
              />
              <Ring r={r + 2.4} standing={marker.standing} />
            </g>
          </g>
        ))}
      </svg>
      {pointed && pointed.marker.key !== chosen && <Tip {...pointed} width={width} notes={notes} />}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would want a legend that is seen */}
      <div class="zoom" role="group" aria-label={w.map}>
        <button type="button" aria-label={w.in} title={w.in} onClick={() => zoom.by(1)}>
          +
        </button>
        <button type="button" aria-label={w.out} title={w.out} onClick={() => zoom.by(-1)}>
          −
        </button>
        <button type="button" aria-label={w.fit} title={w.fit} onClick={() => zoom.fit(markers.map(point))}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" fill="none" stroke="currentColor" stroke-width="1.6" />
          </svg>
        </button>
      </div>
    </div>
  );
}
