// Moving and zooming, with the place that is looked at in the address.
import { type GeoProjection, geoNaturalEarth1 } from "d3-geo";
import { select } from "d3-selection";
import { type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from "d3-zoom";
import type { RefObject } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { currentRoute, set } from "../state/route";

const KEY = "centre";
const NEAREST = 60;
const STEP = 1.7;

export interface Frame {
  readonly width: number;
  readonly height: number;
}

/** The world without the ice of the south, as large as the frame lets it be. */
export function projectionFor({ width, height }: Frame): GeoProjection {
  const corners: [number, number][] = [
    [-168, 0],
    [178, 0],
    [0, -55],
    [0, 76],
  ];
  return geoNaturalEarth1()
    .rotate([-11, 0])
    .fitExtent(
      [
        [4, 4],
        [width - 4, height - 4],
      ],
      { type: "MultiPoint", coordinates: corners },
    );
}

export interface Zoom {
  readonly transform: ZoomTransform;
  readonly by: (direction: 1 | -1) => void;
  readonly fit: (points: readonly (readonly [number, number])[]) => void;
}

export function useZoom(
  of: RefObject<SVGSVGElement | null>,
  projection: GeoProjection,
  frame: Frame,
  begin: readonly (readonly [number, number])[],
): Zoom {
  const [transform, change] = useState<ZoomTransform>(zoomIdentity);
  const behavior = useRef<ZoomBehavior<SVGSVGElement, unknown> | null>(null);
  const { width, height } = frame;
  useEffect(() => {
    const svg = of.current;
    if (!svg || !width) return;
    const own = zoom<SVGSVGElement, unknown>()
      .extent([
        [0, 0],
        [width, height],
      ])
      .scaleExtent([1, NEAREST])
      .translateExtent([
        [0, 0],
        [width, height],
      ])
      .filter((event: Event) => wanted(event))
      .on("zoom", (event: { transform: ZoomTransform }) => change(event.transform))
      .on("end", (event: { transform: ZoomTransform; sourceEvent: unknown }) => {
        if (event.sourceEvent) set({ [KEY]: written(event.transform, projection, frame) }, true);
      });
    behavior.current = own;
    select(svg).call(own).on("dblclick.zoom", null);
    select(svg).call(
      own.transform,
      read(projection, frame) ??
        around(
          begin.map((point) => projection([...point])),
          frame,
          covering(projection, frame),
        ),
    );
    return () => {
      select(svg).on(".zoom", null);
    };
  }, [of, projection, width, height]);
  return useMemo(() => {
    const svg = () => select(of.current as SVGSVGElement);
    return {
      transform,
      by: (direction) => {
        behavior.current?.scaleBy(svg(), direction > 0 ? STEP : 1 / STEP);
        if (of.current) set({ [KEY]: written(zoomOf(of.current), projection, frame) }, true);
      },
      fit: (points) => {
        behavior.current?.transform(
          svg(),
          around(
            points.map((point) => projection([...point])),
            frame,
          ),
        );
        set({ [KEY]: null }, true);
      },
    };
  }, [of, transform, projection, frame]);
}

function zoomOf(svg: SVGSVGElement): ZoomTransform {
  return (svg as SVGSVGElement & { __zoom: ZoomTransform }).__zoom;
}

/** The wheel scrolls the page and one finger does, unless the map is plainly meant. */
function wanted(event: Event): boolean {
  if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey;
  if ("touches" in event) return (event as TouchEvent).touches.length > 1;
  return event instanceof MouseEvent ? event.button === 0 && !event.ctrlKey : true;
}

/** How much the world is enlarged to fill a narrow frame: on a phone some of it is better than all of it, too small to see. */
function covering(projection: GeoProjection, { height }: Frame): number {
  const [top, bottom] = [projection([0, 76]), projection([0, -55])];
  return top && bottom ? Math.max(1, height / (bottom[1] - top[1]) - 0.1) : 1;
}

/** The part of the picture that holds all points. */
export function around(points: readonly ([number, number] | null)[], { width, height }: Frame, least = 1): ZoomTransform {
  const found = points.filter((point) => point !== null);
  const known: readonly [number, number][] = found.length ? found : [[width / 2, height / 2]];
  const range = (axis: 0 | 1): [number, number] =>
    known.reduce<[number, number]>(([a, b], point) => [Math.min(a, point[axis]), Math.max(b, point[axis])], [Infinity, -Infinity]);
  const [[left, right], [top, bottom]] = [range(0), range(1)];
  const margin = 46;
  const k = Math.max(least, Math.min(8, (width - margin * 2) / (right - left || 1), (height - margin * 2) / (bottom - top || 1)));
  const bound = (value: number, size: number) => Math.min(0, Math.max(size * (1 - k), value));
  // Where not all are seen, most of them are.
  const middle = known.reduce((sum, point) => sum + point[0], 0) / known.length;
  const x = k * (right - left) > width ? middle : (left + right) / 2;
  return zoomIdentity.translate(bound(width / 2 - k * x, width), bound(height / 2 - (k * (top + bottom)) / 2, height)).scale(k);
}

function written(transform: ZoomTransform, projection: GeoProjection, { width, height }: Frame): string | null {
  const centre = projection.invert?.(transform.invert([width / 2, height / 2]));
  return centre ? [centre[0].toFixed(2), centre[1].toFixed(2), transform.k.toFixed(2)].join(",") : null;
}

function read(projection: GeoProjection, { width, height }: Frame): ZoomTransform | null {
  const [x, y, k] = (currentRoute().params.get(KEY) ?? "").split(",").map(Number);
  const at = x !== undefined && y !== undefined && Number.isFinite(x) && Number.isFinite(y) ? projection([x, y]) : null;
  if (!at || !k || !(k >= 1)) return null;
  const scale = Math.min(NEAREST, k);
  return zoomIdentity.translate(width / 2 - at[0] * scale, height / 2 - at[1] * scale).scale(scale);
}
