import { geoInterpolate, geoPath } from "d3-geo";
import { memo } from "preact/compat";
import { useId, useMemo } from "preact/hooks";
import type { Colors } from "../state/colors";
import type { Outline } from "./atlas";
import type { Gazetteer } from "./gazetteer";
import type { Marker } from "./markers";
import type { projectionFor } from "./zoom";

/** What is drawn, and what is done with it. */
export interface OnLand {
  readonly where: Gazetteer;
  readonly markers: readonly Marker[];
  readonly hues: ReadonlyMap<string, number>;
  readonly striped: ReadonlySet<string>;
  readonly colors: Colors;
  readonly hot: string | null;
  readonly heat: (key: string | null) => void;
  readonly chosen: string | null;
  readonly choose: (key: string) => void;
}

type Projection = ReturnType<typeof projectionFor>;

export const point = ({ place }: Marker): [number, number] => [place.longitude, place.latitude];

export function shadeOf(hue: number | undefined): string {
  return `color-mix(in oklab, var(--shade) ${Math.round(hue ?? 0)}%, var(--land))`;
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

export const Lands = memo(({ outlines, projection }: { outlines: readonly Outline[]; projection: Projection }) => {
  const path = geoPath(projection).digits(1);
  return (
    <g class="lands">
      {outlines.map((outline, place) => (
        <path key={place} d={path(outline) ?? ""} />
      ))}
    </g>
  );
});

/** The areas that are shaded by a number, and those of a group. */
export function Areas({
  areas,
  where,
  projection,
  hues,
  striped,
  hot,
  heat,
  chosen,
  choose,
}: OnLand & { areas: readonly Marker[]; projection: Projection }) {
  const id = useId();
  const paths = useMemo(() => {
    const path = geoPath(projection).digits(1);
    return new Map([...where.areas].filter(([, outline]) => outline).map(([iri, outline]) => [iri, path(outline as Outline) ?? ""]));
  }, [where, projection]);
  return (
    <>
      {[...striped].map(
        (iri) => paths.has(iri) && <path key={`${id}${iri}`} class="striped" d={paths.get(iri)} fill={`url(#${STRIPES})`} />,
      )}
      {areas.map((marker) => (
        // biome-ignore lint/a11y/useSemanticElements: SVG has no buttons
        <path
          key={marker.key}
          role="button"
          tabindex={0}
          class={`area${marker.key === hot || marker.key === chosen ? " hot" : ""}`}
          d={paths.get(marker.key)}
          aria-label={marker.place.label}
          aria-pressed={marker.key === chosen}
          style={{ fill: shadeOf(hues.get(marker.key)) }}
          onClick={() => choose(marker.key)}
          onKeyDown={(event) => {
            if (event.key === "Enter" || event.key === " ") choose(marker.key);
          }}
          onPointerEnter={() => heat(marker.key)}
          onPointerLeave={() => heat(null)}
        >
          <title>{marker.place.label}</title>
        </path>
      ))}
    </>
  );
}

/** Great circles from the homes of what is shown. */
export function Arcs({
  markers,
  where,
  colors,
  projection,
  hot,
}: Pick<OnLand, "markers" | "where" | "colors" | "hot"> & { projection: Projection }) {
  const path = geoPath(projection).digits(1);
  return (
    <g class="arcs">
      {markers.flatMap((marker) =>
        marker.homes.map((iri) => {
          const home = where.places.get(iri);
          if (!home || iri === marker.place.at.iri) return null;
          const along = geoInterpolate([home.longitude, home.latitude], point(marker));
          const coordinates = Array.from({ length: 24 }, (_, place) => along(place / 23));
          return (
            <path
              key={marker.key + iri}
              class={marker.key === hot ? "hot" : ""}
              d={path({ type: "LineString", coordinates }) ?? ""}
              stroke={colors.of(marker.colors[0] ?? "")}
            />
          );
        }),
      )}
    </g>
  );
}
