import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import type { AnswerProps } from "../answer/roles";
import { useLoading } from "../api/use";
import { useColors } from "../state/colors";
import { fill, number, useLanguage, useWords } from "../state/language";
import { keysOf } from "../ui/keys";
import { Loaded } from "../ui/loaded";
import { useWidth } from "../ui/width";
import { type Gazetteer, gazetteer } from "./gazetteer";
import { notesOf } from "./list";
import { sizesOf } from "./looks";
import { markersOf } from "./markers";
import { words } from "./words";
import { World } from "./world";
import "./map.css";

const NONE: ReadonlySet<string> = new Set();
const NO_HUES: ReadonlyMap<string, number> = new Map();
const NO_STYLES = new Map();
const RADIUS = 9;

type Props = AnswerProps & { readonly choose: (key: string) => void };

/** Where the rows of an answer are, and nothing else of them. */
export function SmallMap(props: Props) {
  const lang = useLanguage();
  const loading = useLoading(useCallback(() => gazetteer(lang), [lang]));
  return <Loaded of={loading}>{(where) => <Points {...props} where={where} />}</Loaded>;
}

function Points({ answer, show, where, choose }: Props & { readonly where: Gazetteer }) {
  const self = useRef<HTMLDivElement>(null);
  const width = useWidth(self);
  const [hot, heat] = useState<string | null>(null);
  const w = useWords(words);
  const lang = useLanguage();
  const { place, color } = show;
  const all = useMemo(() => {
    const roles = { ...(place ? { place } : {}), ...(color ? { color } : {}) };
    const rows = answer.rows.map((_, row) => row);
    return markersOf(answer, roles, rows, where).markers;
  }, [answer, place, color, where]);
  const markers = useMemo(() => all.filter((marker) => !marker.isCoarse), [all]);
  const keys = useMemo(() => (color ? answer.rows.flatMap((row) => keysOf(row[color])) : []), [answer, color]);
  const colors = useColors(keys);
  const sizes = useMemo(() => sizesOf([], RADIUS), []);
  return (
    <div class="map-view" ref={self}>
      {width > 0 && (
        <World
          title={answer.title}
          width={width}
          where={where}
          markers={markers}
          begin={markers}
          hues={NO_HUES}
          striped={NONE}
          colors={colors}
          sizes={sizes}
          styles={NO_STYLES}
          arcs={false}
          notes={(row) => notesOf(answer, show, row, lang, w)}
          hot={hot}
          heat={heat}
          chosen={null}
          choose={choose}
        />
      )}
      {markers.length < all.length && <p class="quiet">{fill(w.undrawn, number(all.length - markers.length, lang))}</p>}
    </div>
  );
}
