import { geoArea, geoPath } from "d3-geo";
import type { ZoomTransform } from "d3-zoom";
import type { MultiPolygon, Polygon } from "geojson";
import { useMemo } from "preact/hooks";
import type { Outline } from "./atlas";
import type { Gazetteer } from "./gazetteer";
import { pointOf } from "./layers";
import type { Marker } from "./markers";
import type { Frame, projectionFor } from "./zoom";

const LETTER_WIDTH = 6.4; // pixels
const LINE_HEIGHT = 14;

interface Props {
  readonly markers: readonly Marker[];
  readonly gazetteer: Gazetteer;
  readonly projection: ReturnType<typeof projectionFor>;
  readonly transform: ZoomTransform;
  readonly frame: Frame;
}

/** The names of the areas with the most markers, as many as fit without overlap. */
export function Labels({ markers, gazetteer, projection, transform, frame }: Props) {
  const names = useMemo(() => {
    const path = geoPath(projection);
    const counts = new Map<string, number>();
    for (const marker of markers) {
      const area = marker.isArea ? marker.key : gazetteer.areaOf(pointOf(marker));
      if (area) counts.set(area, (counts.get(area) ?? 0) + 1);
    }
    return [...counts]
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .flatMap(([area]) => {
        const [outline, place] = [gazetteer.areas.get(area), gazetteer.places.get(area)];
        return outline && place ? [{ area, label: place.label, at: path.centroid(largestPart(outline)) }] : [];
      });
  }, [markers, gazetteer, projection]);
  const labels = useMemo(() => {
    const boxes: { x: number; y: number; half: number }[] = [];
    return names.flatMap(({ area, label, at }) => {
      const [x, y] = transform.apply(at as [number, number]);
      const half = ([...label].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0) * LETTER_WIDTH) / 2;
      const fits = x > half && x < frame.width - half && y > LINE_HEIGHT && y < frame.height - LINE_HEIGHT;
      if (!fits || boxes.some((box) => Math.abs(box.x - x) < box.half + half && Math.abs(box.y - y) < LINE_HEIGHT)) return [];
      boxes.push({ x, y, half });
      return [{ area, label, x, y }];
    });
  }, [names, transform, frame]);
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
