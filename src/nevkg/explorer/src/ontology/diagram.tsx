import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Term } from "../api/types";
import { useWords } from "../state/language";
import { href } from "../state/route";
import { around, type Box, column, cut, lowered } from "./layout";
import { incoming, type Model, outgoing, overview } from "./model";
import { words } from "./words";

const WIDE = 960;
const SIDE = 170; // of the boxes at the sides
const MIDDLE = 150;
const BOX = 46;
const LABEL = 168; // where the name of a property stands, beside the outer box

/** A class in the middle, what leads to it on the left, and what leads on from it on the right. */
export function ClassDiagram({ model, term, colors }: { model: Model; term: Term; colors: ReadonlyMap<string, string> }) {
  const w = useWords(words);
  const [left, right] = [column(incoming(model, term.iri)), column(outgoing(model, term.iri))];
  const height = Math.max(left.height, right.height, BOX + 8);
  if (!left.boxes.length && !right.boxes.length) return null;
  const middle = height / 2;
  const from = left.boxes.length ? 0 : SIDE + LABEL;
  const until = right.boxes.length ? WIDE : WIDE - SIDE - LABEL;
  const center = WIDE / 2;
  return (
    <figure>
      <Wide label={`${w.diagram}: ${term.label}`}>
        {/* biome-ignore lint/a11y/useSemanticElements: what is drawn has no element of its own for a group */}
        <svg
          viewBox={`${from - 2} -6 ${until - from + 4} ${height + 12}`}
          width={until - from}
          class="diagram"
          role="group"
          aria-label={w.diagram}
        >
          <Side boxes={lowered(left.boxes, (height - left.height) / 2)} model={model} colors={colors} middle={middle} isLeft />
          <Side boxes={lowered(right.boxes, (height - right.height) / 2)} model={model} colors={colors} middle={middle} isLeft={false} />
          <g class="own">
            <rect
              x={center - MIDDLE / 2}
              y={middle - BOX / 2}
              width={MIDDLE}
              height={BOX}
              rx="5"
              style={{ stroke: colors.get(term.iri) }}
            />
            <text x={center} y={middle} dy="0.34em">
              <title>{term.label}</title>
              {cut(term.label, 20)}
            </text>
          </g>
        </svg>
      </Wide>
      <figcaption class="quiet">{w.diagramWhy}</figcaption>
    </figure>
  );
}

/** A drawing that scrolls where it is too wide, and begins with its middle. */
function Wide({ label, children }: { label: string; children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current) box.current.scrollLeft = (box.current.scrollWidth - box.current.clientWidth) / 2;
  }, []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section would be a landmark, which this is not
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <div class="scroll" role="region" aria-label={label} tabIndex={0} ref={box}>
      {children}
    </div>
  );
}

interface SideProps {
  readonly boxes: readonly Box[];
  readonly model: Model;
  readonly colors: ReadonlyMap<string, string>;
  readonly middle: number;
  readonly isLeft: boolean;
}

function Side({ boxes, model, colors, middle, isLeft }: SideProps) {
  const w = useWords(words);
  const inner = WIDE / 2 + (isLeft ? -MIDDLE / 2 : MIDDLE / 2);
  const edge = isLeft ? SIDE : WIDE - SIDE;
  const turn = isLeft ? edge + LABEL : edge - LABEL;
  const bend = (inner + turn) / 2;
  return (
    <>
      {boxes.map((box) => {
        const x = isLeft ? 0 : edge;
        const entry = box.at && model.entries.get(box.at.iri);
        const label = box.at?.label ?? (isLeft ? w.anything : w.value);
        const drawn = (
          <>
            <title>{label}</title>
            <rect x={x} y={box.top + 2} width={SIDE} height={box.height - 4} rx="4" style={{ stroke: colors.get(box.at?.iri ?? "") }} />
            <text x={x + SIDE / 2} y={box.top + box.height / 2} dy="0.34em">
              {cut(label, 22)}
            </text>
          </>
        );
        return (
          <g key={box.at?.iri ?? ""}>
            {box.rows.map(({ link, y }) => (
              <g key={link.property.iri} class={link.inherited ? "line inherited" : "line"}>
                <path d={`M${inner},${middle}C${bend},${middle} ${bend},${y} ${turn},${y}L${edge},${y}`} />
                <path d={isLeft ? arrow(inner, middle) : arrow(edge, y)} class="arrow" />
                <a href={href("ontology", link.property.name)}>
                  <title>{link.property.definition ?? link.property.label}</title>
                  <text x={isLeft ? edge + 8 : edge - 12} y={y - 4} class={isLeft ? "from" : "to"}>
                    {cut(link.property.label, 25)}
                  </text>
                </a>
              </g>
            ))}
            {entry ? (
              <a href={href("ontology", entry.term.name)} class={`end ${entry.kind}`}>
                {drawn}
              </a>
            ) : (
              <g class="end plain">{drawn}</g>
            )}
          </g>
        );
      })}
    </>
  );
}

function arrow(x: number, y: number): string {
  return `M${x - 7},${y - 3.5}L${x},${y}L${x - 7},${y + 3.5}Z`;
}

const HIGH = 560;
const ROOM = 150;

/** The classes that are below no other, and the properties between them and all that is below. */
export function Overview({ model, colors }: { model: Model; colors: ReadonlyMap<string, string> }) {
  const w = useWords(words);
  const { roots, edges } = overview(model);
  const places = around(roots.length, WIDE - ROOM - 8, HIGH - BOX - 8).map(({ x, y }) => ({ x: x + ROOM / 2 + 4, y: y + BOX / 2 + 4 }));
  const at = new Map(roots.map((root, place) => [root.iri, places[place]]));
  return (
    <figure>
      <Wide label={w.overview}>
        {/* biome-ignore lint/a11y/useSemanticElements: what is drawn has no element of its own for a group */}
        <svg viewBox={`0 0 ${WIDE} ${HIGH}`} width={WIDE} class="diagram" role="group" aria-label={w.overview}>
          {edges.map(({ from, to, properties }) => {
            const [a, b] = [at.get(from), at.get(to)];
            if (!a || !b) return null;
            const [cx, cy] = [(a.x + b.x) / 4 + WIDE / 4, (a.y + b.y) / 4 + HIGH / 4];
            return (
              <path
                key={`${from} ${to}`}
                class="between"
                stroke-width={Math.min(8, Math.sqrt(properties.length) * 1.6)}
                d={`M${a.x},${a.y}Q${cx},${cy} ${b.x},${b.y}`}
              >
                <title>{properties.map((one) => one.label).join(", ")}</title>
              </path>
            );
          })}
          {roots.map((root) => {
            const { x, y } = at.get(root.iri) ?? { x: 0, y: 0 };
            return (
              <a key={root.iri} href={href("ontology", root.name)} class="end class">
                <title>{root.definition ?? root.label}</title>
                <rect x={x - ROOM / 2} y={y - BOX / 2 + 4} width={ROOM} height={BOX - 8} rx="5" style={{ stroke: colors.get(root.iri) }} />
                <text x={x} y={y} dy="0.34em">
                  {cut(root.label, 20)}
                </text>
              </a>
            );
          })}
        </svg>
      </Wide>
      <figcaption class="quiet">{w.overviewWhy}</figcaption>
      <details>
        <summary>{w.asList}</summary>
        <ul>
          {edges.map(({ from, to, properties }) => (
            <li key={`${from} ${to}`}>
              {model.entries.get(from)?.term.label} → {model.entries.get(to)?.term.label}:{" "}
              {properties.map((one, place) => (
                <>
                  {place > 0 && ", "}
                  <a href={href("ontology", one.name)}>{one.label}</a>
                </>
              ))}
            </li>
          ))}
        </ul>
      </details>
    </figure>
  );
}
