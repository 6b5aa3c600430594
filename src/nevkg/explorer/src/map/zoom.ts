// Panning and zooming; the centre and scale are in the address.
import { type GeoProjection, geoNaturalEarth1 } from "d3-geo";
import { select } from "d3-selection";
import { type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from "d3-zoom";
import type { RefObject } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { currentRoute, set } from "../state/route";

const KEY = "centre";
const MAX_SCALE = 60;
const STEP = 1.7; // factor of the buttons

export interface Frame {
  readonly width: number;
  readonly height: number;
}

/** Returns a projection that fits the world without Antarctica into the frame. */
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

interface Zoom {
  readonly transform: ZoomTransform;
  readonly by: (direction: 1 | -1) => void;
  readonly fit: (points: readonly (readonly [number, number])[]) => void;
}

export function useZoom(
  ref: RefObject<SVGSVGElement | null>,
  projection: GeoProjection,
  frame: Frame,
  points: readonly (readonly [number, number])[],
): Zoom {
  const initial = () =>
    readView(projection, frame) ??
    fitPoints(
      points.map((point) => projection([...point])),
      frame,
      initialScale(projection, frame),
    );
  // Known before the map is first drawn, so that it is drawn once.
  const [transform, setTransform] = useState<ZoomTransform>(initial);
  const behavior = useRef<ZoomBehavior<SVGSVGElement, unknown> | null>(null);
  const { width, height } = frame;
  useEffect(() => {
    const svg = ref.current;
    if (!svg || !width) return;
    const zoomBehavior = zoom<SVGSVGElement, unknown>()
      .extent([
        [0, 0],
        [width, height],
      ])
      .scaleExtent([1, MAX_SCALE])
      .translateExtent([
        [0, 0],
        [width, height],
      ])
      .filter(isZoomEvent)
      .on("zoom", ({ transform: next }: { transform: ZoomTransform }) =>
        setTransform((last) => (last.k === next.k && last.x === next.x && last.y === next.y ? last : next)),
      )
      .on("end", (event: { transform: ZoomTransform; sourceEvent: unknown }) => {
        if (event.sourceEvent) set({ [KEY]: formatView(event.transform, projection, frame) }, true);
      });
    behavior.current = zoomBehavior;
    select(svg).call(zoomBehavior).on("dblclick.zoom", null);
    select(svg).call(zoomBehavior.transform, initial());
    return () => {
      select(svg).on(".zoom", null);
    };
  }, [ref, projection, width, height]);
  return useMemo(() => {
    const svg = () => select(ref.current as SVGSVGElement);
    return {
      transform,
      by: (direction) => {
        behavior.current?.scaleBy(svg(), direction > 0 ? STEP : 1 / STEP);
        if (ref.current) set({ [KEY]: formatView(zoomOf(ref.current), projection, frame) }, true);
      },
      fit: (visible) => {
        behavior.current?.transform(
          svg(),
          fitPoints(
            visible.map((point) => projection([...point])),
            frame,
          ),
        );
        set({ [KEY]: null }, true);
      },
    };
  }, [ref, transform, projection, frame]);
}

function zoomOf(svg: SVGSVGElement): ZoomTransform {
  return (svg as SVGSVGElement & { __zoom: ZoomTransform }).__zoom;
}

/** Whether an event moves the map. A wheel without Ctrl and a single finger scroll the page. */
function isZoomEvent(event: Event): boolean {
  if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey;
  if ("touches" in event) return (event as TouchEvent).touches.length > 1;
  return event instanceof MouseEvent ? event.button === 0 && !event.ctrlKey : true;
}

/** Returns the scale at which the world fills the height of the frame, since on a phone the whole world would be too small. */
function initialScale(projection: GeoProjection, { height }: Frame): number {
  const [top, bottom] = [projection([0, 76]), projection([0, -55])];
  return top && bottom ? Math.max(1, height / (bottom[1] - top[1]) - 0.1) : 1;
}

/** Returns the transform that shows all points, or most of them if `minScale` is too large for all. */
function fitPoints(points: readonly ([number, number] | null)[], { width, height }: Frame, minScale = 1): ZoomTransform {
  const projected = points.filter((point) => point !== null);
  const targets: readonly [number, number][] = projected.length ? projected : [[width / 2, height / 2]];
  const range = (axis: 0 | 1): [number, number] =>
    targets.reduce<[number, number]>(([a, b], point) => [Math.min(a, point[axis]), Math.max(b, point[axis])], [Infinity, -Infinity]);
  const [[left, right], [top, bottom]] = [range(0), range(1)];
  const margin = 46;
  const k = Math.max(minScale, Math.min(8, (width - margin * 2) / (right - left || 1), (height - margin * 2) / (bottom - top || 1)));
  const bound = (value: number, size: number) => Math.min(0, Math.max(size * (1 - k), value));
  // If not all points fit, the mean shows most of them.
  const mean = targets.reduce((sum, point) => sum + point[0], 0) / targets.length;
  const x = k * (right - left) > width ? mean : (left + right) / 2;
  return zoomIdentity.translate(bound(width / 2 - k * x, width), bound(height / 2 - (k * (top + bottom)) / 2, height)).scale(k);
}

function formatView(transform: ZoomTransform, projection: GeoProjection, { width, height }: Frame): string | null {
  const centre = projection.invert?.(transform.invert([width / 2, height / 2]));
  return centre ? [centre[0].toFixed(2), centre[1].toFixed(2), transform.k.toFixed(2)].join(",") : null;
}

function readView(projection: GeoProjection, { width, height }: Frame): ZoomTransform | null {
  const [x, y, k] = (currentRoute().params.get(KEY) ?? "").split(",").map(Number);
  const at = x !== undefined && y !== undefined && Number.isFinite(x) && Number.isFinite(y) ? projection([x, y]) : null;
  if (!at || !k || !(k >= 1)) return null;
  const scale = Math.min(MAX_SCALE, k);
  return zoomIdentity.translate(width / 2 - at[0] * scale, height / 2 - at[1] * scale).scale(scale);
}
