import { geoInterpolate, geoPath } from "d3-geo";
import { memo } from "preact/compat";
import { useId, useMemo } from "preact/hooks";
import type { Colors } from "../state/colors";
import type { Outline } from "./atlas";
import type { Gazetteer } from "./gazetteer";
import type { Marker } from "./markers";
import type { projectionFor } from "./zoom";

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
  const paths = useMemo(() => {
    const path = geoPath(projection).digits(1);
    return new Map([...gazetteer.areas].filter(([, outline]) => outline).map(([iri, outline]) => [iri, path(outline as Outline) ?? ""]));
  }, [gazetteer, projection]);
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
