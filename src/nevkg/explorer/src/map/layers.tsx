import { geoArea, geoInterpolate, geoPath } from "d3-geo";
import type { ZoomTransform } from "d3-zoom";
import type { MultiPolygon, Polygon } from "geojson";
import { memo } from "preact/compat";
import { useId, useMemo } from "preact/hooks";
import type { Colors } from "../state/colors";
import { CIRCLE, shapePath } from "../ui/legend";
import { estimateWidth } from "../ui/text";
import { countBy } from "../ui/values";
import type { Gazetteer, Outline } from "./gazetteer";
import type { Marker } from "./markers";
import type { Frame, projectionFor } from "./zoom";

/** The data of the layers of a map, and its interactions. */
export interface LayerProps {
  readonly gazetteer: Gazetteer;
  readonly markers: readonly Marker[];
  /** The percentage of the colour of each shaded area. */
  readonly shades: ReadonlyMap<string, number>;
  readonly highlights: ReadonlySet<string>;
  readonly colors: Colors;
  readonly hoveredKey: string | null;
  readonly onHover: (key: string | null) => void;
  readonly selectedKey: string | null;
  readonly onSelect: (key: string) => void;
}

type Projection = ReturnType<typeof projectionFor>;

export const pointOf = ({ place }: Marker): [number, number] => [place.longitude, place.latitude];

export function shadeColor(percentage: number | undefined): string {
  return `color-mix(in oklab, var(--shade) ${Math.round(percentage ?? 0)}%, var(--land))`;
}

const STRIPES = "map-stripes";

export function Stripes({ scale }: { scale: number }) {
  return (
    <defs>
      <pattern id={STRIPES} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform={`scale(${1 / scale}) rotate(45)`}>
        <rect class="stripe-ground" width="5" height="5" />
        <line class="stripe" x1="0" y1="0" x2="0" y2="5" />
      </pattern>
    </defs>
  );
}

export const Land = memo(({ outlines, projection }: { outlines: readonly Outline[]; projection: Projection }) => {
  const path = geoPath(projection).digits(1);
  return (
    <g class="lands">
      {outlines.map((outline, index) => (
        <path key={index} d={path(outline) ?? ""} />
      ))}
    </g>
  );
});

/** The areas that are shaded by a number, and the highlighted areas. */
export function Areas({
  areas,
  gazetteer,
  projection,
  shades,
  highlights,
  hoveredKey,
  onHover,
  selectedKey,
  onSelect,
}: LayerProps & { areas: readonly Marker[]; projection: Projection }) {
  const id = useId();
  const keys = [...highlights, ...areas.map(({ key }) => key)].sort().join(" ");
  const paths = useMemo(() => {
    const path = geoPath(projection).digits(1);
    const outlines = keys.split(" ").map((iri) => [iri, gazetteer.areas.get(iri)] as const);
    return new Map(outlines.flatMap(([iri, outline]) => (outline ? [[iri, path(outline) ?? ""] as const] : [])));
  }, [gazetteer, projection, keys]);
  return (
    <>
      {[...highlights].map(
        (iri) => paths.has(iri) && <path key={`${id}${iri}`} class="striped" d={paths.get(iri)} fill={`url(#${STRIPES})`} />,
      )}
      {areas.map((marker) => (
        // biome-ignore lint/a11y/useSemanticElements: SVG has no buttons
        <path
          key={marker.key}
          role="button"
          tabindex={0}
          class={`area${marker.key === hoveredKey || marker.key === selectedKey ? " hot" : ""}`}
          d={paths.get(marker.key)}
          aria-label={marker.place.label}
          aria-pressed={marker.key === selectedKey}
          style={{ fill: shadeColor(shades.get(marker.key)) }}
          onClick={() => onSelect(marker.key)}
          onKeyDown={(event) => {
            if (event.key === "Enter" || event.key === " ") onSelect(marker.key);
          }}
          onPointerEnter={() => onHover(marker.key)}
          onPointerLeave={() => onHover(null)}
        >
          <title>{marker.place.label}</title>
        </path>
      ))}
    </>
  );
}

/** Great circles from the home countries to the markers. */
export function Arcs({
  markers,
  gazetteer,
  colors,
  projection,
  hoveredKey,
}: Pick<LayerProps, "markers" | "gazetteer" | "colors" | "hoveredKey"> & { projection: Projection }) {
  const path = geoPath(projection).digits(1);
  return (
    <g class="arcs">
      {markers.flatMap((marker) =>
        marker.homes.map((iri) => {
          const home = gazetteer.places.get(iri);
          if (!home || iri === marker.place.at.iri) return null;
          const interpolate = geoInterpolate([home.longitude, home.latitude], pointOf(marker));
          const coordinates = Array.from({ length: 24 }, (_, index) => interpolate(index / 23));
          return (
            <path
              key={marker.key + iri}
              class={marker.key === hoveredKey ? "hot" : ""}
              d={path({ type: "LineString", coordinates }) ?? ""}
              stroke={colors.of(marker.colors[0] ?? "")}
            />
          );
        }),
      )}
    </g>
  );
}

interface MarkProps {
  readonly r: number;
  readonly colors: readonly string[];
  readonly shape: number;
  /** Whether its size is not actual. */
  readonly isHollow?: boolean;
  /** Whether sources do not support it enough to be counted. */
  readonly isFaint?: boolean;
}

/** A marker. A circle with several colours shows the first two. */
export function Mark({ r, colors, shape, isHollow = false, isFaint = false }: MarkProps) {
  const [first = "currentcolor", second] = colors;
  const d = shapePath(shape, r);
  return (
    <g class={`mark${isHollow ? " hollow" : ""}${isFaint ? " faint" : ""}`}>
      <path class="ground" d={d} />
      <path class="own" d={d} fill={first} stroke={first} />
      {second && shape === CIRCLE && !isHollow && (
        <path class="own" d={`M0,${-r}a${r},${r} 0 0,1 0,${2 * r}Z`} fill={second} stroke={second} />
      )}
    </g>
  );
}

const FONT_SIZE = 12; // pixels
const LINE_HEIGHT = 14;
const GAP = 4; // between a name and a marker with its ring

interface Props {
  readonly markers: readonly Marker[];
  /** The markers that names must not cover. */
  readonly discs: readonly { readonly x: number; readonly y: number; readonly r: number }[];
  readonly gazetteer: Gazetteer;
  readonly projection: ReturnType<typeof projectionFor>;
  readonly transform: ZoomTransform;
  readonly frame: Frame;
}

/** Where a name may be: at the centre of its area or near it, in halves of its width and in lines. */
const NEAR = [0, -1, 1, -2, 2].flatMap((line) => [0, 1, -1].map((side) => [side, line] as const));

/** The names of the areas with the most markers, as many as fit without covering each other or a marker. */
export function Labels({ markers, discs, gazetteer, projection, transform, frame }: Props) {
  const names = useMemo(() => {
    const path = geoPath(projection);
    const areas = markers.flatMap((marker) => (marker.isArea ? marker.key : (gazetteer.areaOf(pointOf(marker)) ?? [])));
    return [...countBy(areas)]
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .flatMap(([area]) => {
        const [outline, place] = [gazetteer.areas.get(area), gazetteer.places.get(area)];
        return outline && place ? [{ area, label: place.label, at: path.centroid(largestPart(outline)) }] : [];
      });
  }, [markers, gazetteer, projection]);
  const labels = useMemo(() => {
    const boxes: { x: number; y: number; half: number }[] = [];
    return names.flatMap(({ area, label, at }) => {
      const [left, top] = transform.apply(at as [number, number]);
      const half = estimateWidth(label, FONT_SIZE) / 2 + 1;
      const isFree = (x: number, y: number) =>
        x > half &&
        x < frame.width - half &&
        y > LINE_HEIGHT &&
        y < frame.height - LINE_HEIGHT &&
        !boxes.some((box) => Math.abs(box.x - x) < box.half + half && Math.abs(box.y - y) < LINE_HEIGHT) &&
        !discs.some(
          (disc) => Math.abs(disc.x - x) < disc.r + half + GAP && Math.abs(disc.y - (y - FONT_SIZE / 3)) < disc.r + FONT_SIZE / 2 + GAP,
        );
      const [x, y] =
        NEAR.map(([side, line]) => [left + side * half, top + line * LINE_HEIGHT] as const).find((point) => isFree(...point)) ?? [];
      if (x === undefined || y === undefined) return [];
      boxes.push({ x, y, half });
      return [{ area, label, x, y }];
    });
  }, [names, discs, transform, frame]);
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an SVG group cannot be focused
    <g class="names" aria-hidden="true">
      {labels.map(({ area, label, x, y }) => (
        <text key={area} x={x.toFixed(1)} y={y.toFixed(1)} text-anchor="middle">
          {label}
        </text>
      ))}
    </g>
  );
}

/** Returns the largest part of an outline, since the centre of all parts may be in the sea. */
function largestPart(outline: Outline): Outline {
  const { geometry } = outline;
  if (geometry?.type !== "MultiPolygon") return outline;
  const parts = (geometry as MultiPolygon).coordinates.map((coordinates): Polygon => ({ type: "Polygon", coordinates }));
  const [first] = parts.sort((a, b) => geoArea(b) - geoArea(a));
  return first ? { ...outline, geometry: first } : outline;
}
