import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import type { AnswerProps } from "../answer/roles";
import { useLoading } from "../api/requests";
import { useColumnColors } from "../state/colors";
import { fill, number, useLanguage, useWords } from "../state/language";
import { useWidth } from "../ui/hooks";
import { CIRCLE } from "../ui/legend";
import { Loaded } from "../ui/loading";
import { type Gazetteer, loadGazetteer } from "./gazetteer";
import { notesOf } from "./list";
import { markersOf, sizesOf } from "./markers";
import { words } from "./words";
import { World } from "./world";
import "./map.css";

const NO_HIGHLIGHTS: ReadonlySet<string> = new Set();
const NO_SHADES: ReadonlyMap<string, number> = new Map();
const RADIUS = 9;

type Props = AnswerProps & { readonly onSelect: (key: string) => void };

/** A map of the places of an answer, without legend, list and controls for time. */
export function SmallMap(props: Props) {
  const lang = useLanguage();
  const loading = useLoading(useCallback(() => loadGazetteer(lang), [lang]));
  return <Loaded of={loading}>{(gazetteer) => <Points {...props} gazetteer={gazetteer} />}</Loaded>;
}

function Points({ answer, show, gazetteer, onSelect }: Props & { readonly gazetteer: Gazetteer }) {
  const ref = useRef<HTMLDivElement>(null);
  const width = useWidth(ref);
  const [hoveredKey, setHoveredKey] = useState<string | null>(null);
  const w = useWords(words);
  const lang = useLanguage();
  const { place, color } = show;
  const all = useMemo(() => {
    const roles = { ...(place ? { place } : {}), ...(color ? { color } : {}) };
    const rows = answer.rows.map((_, row) => row);
    return markersOf(answer, roles, rows, gazetteer).markers;
  }, [answer, place, color, gazetteer]);
  const markers = useMemo(() => all.filter((marker) => !marker.isCoarse), [all]);
  const colors = useColumnColors(answer.rows, color);
  const sizes = useMemo(() => sizesOf([], RADIUS), []);
  return (
    <div class="map-view" ref={ref}>
      {width > 0 && (
        <World
          title={answer.title}
          width={width}
          gazetteer={gazetteer}
          markers={markers}
          allMarkers={markers}
          shades={NO_SHADES}
          highlights={NO_HIGHLIGHTS}
          colors={colors}
          sizes={sizes}
          shapeOf={() => CIRCLE}
          hasArcs={false}
          notes={(row) => notesOf(answer, show, row, lang, w)}
          hoveredKey={hoveredKey}
          onHover={setHoveredKey}
          selectedKey={null}
          onSelect={onSelect}
        />
      )}
      {markers.length < all.length && <p class="quiet">{fill(w.undrawn, number(all.length - markers.length, lang))}</p>}
    </div>
  );
}
