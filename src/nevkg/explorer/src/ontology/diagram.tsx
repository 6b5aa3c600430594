// The diagrams of the ontology.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Ontology, Term, Thing } from "../api/types";
import { pageOf } from "../state/address";
import { adaptColor, classColors } from "../state/colors";
import { useOntology } from "../state/dataset";
import { language, useWords } from "../state/language";
import { Loaded } from "../ui/loading";
import { truncate } from "../ui/text";
import { buildModel, incoming, type Link, type Model, outgoing, overviewOf } from "./model";
import { words } from "./words";

const ROW_HEIGHT = 27;
const GAP = 10;

interface Box {
  readonly end: Thing | null;
  readonly top: number;
  readonly height: number;
  readonly rows: readonly { readonly link: Link; readonly y: number }[];
}

/** Lays out one box for each class at the other end of the links, with a row for each property. */
export function layoutColumn(links: readonly Link[]): { boxes: Box[]; height: number } {
  // Own properties come before inherited ones, and properties without a class at the other end come last.
  const order = (group: readonly Link[]) => (group[0]?.end ? 0 : 2) + (group.every(({ isInherited }) => isInherited) ? 1 : 0);
  let top = 0;
  const boxes = [...Map.groupBy(links, ({ end }) => end?.iri ?? "").values()]
    .sort((a, b) => order(a) - order(b))
    .map((group) => {
      const box = {
        end: group[0]?.end ?? null,
        top,
        height: group.length * ROW_HEIGHT,
        rows: group.map((link, index) => ({ link, y: top + (index + 0.5) * ROW_HEIGHT })),
      };
      top += box.height + GAP;
      return box;
    });
  return { boxes, height: Math.max(0, top - GAP) };
}

/** Returns boxes moved down by an offset. */
function moveDown(boxes: readonly Box[], offset: number): Box[] {
  return boxes.map((box) => ({ ...box, top: box.top + offset, rows: box.rows.map((row) => ({ ...row, y: row.y + offset })) }));
}

/** Returns evenly spaced points on an ellipse, the first at the top. */
export function ellipsePoints(count: number, width: number, height: number): { x: number; y: number }[] {
  return Array.from({ length: count }, (_, index) => {
    const angle = (2 * Math.PI * index) / count - Math.PI / 2;
    return { x: width / 2 + (width / 2) * Math.cos(angle), y: height / 2 + (height / 2) * Math.sin(angle) };
  });
}

const WIDTH = 960;
const SIDE_WIDTH = 170; // of the boxes at the sides
const CENTER_WIDTH = 150;
const BOX_HEIGHT = 46;
const LABEL_WIDTH = 168; // of a property name next to a side box

/** Returns the address of a term: its place on this page, if it has one. */
function termAddress(iri: string): string {
  const anchor = iri.slice(iri.indexOf("#") + 1);
  return document.getElementById(anchor) ? `#${encodeURIComponent(anchor)}` : pageOf(iri, language());
}

interface DiagramProps {
  readonly model: Model;
  readonly colors: ReadonlyMap<string, string>;
}

/** Loads the ontology, with the colours of its classes. */
function Diagram({ children }: { children: (props: DiagramProps) => ComponentChildren }) {
  const colorsOf = (ontology: Ontology) => new Map([...classColors(ontology)].map(([iri, color]) => [iri, adaptColor(color)]));
  return <Loaded of={useOntology()}>{(ontology) => children({ model: buildModel(ontology), colors: colorsOf(ontology) })}</Loaded>;
}

/** The diagram of a class. */
export function ClassPart({ iri }: { iri: string }) {
  return (
    <Diagram>
      {(props) => {
        const entry = props.model.entries.get(iri);
        return entry && <ClassDiagram {...props} term={entry.term} />;
      }}
    </Diagram>
  );
}

/** The diagram of the main classes. */
export function ClassesPart() {
  return <Diagram>{(props) => <Overview {...props} />}</Diagram>;
}

/** A class in the middle, with its incoming properties on the left and its outgoing properties on the right. */
function ClassDiagram({ model, term, colors }: DiagramProps & { readonly term: Term }) {
  const w = useWords(words);
  const [left, right] = [layoutColumn(incoming(model, term.iri)), layoutColumn(outgoing(model, term.iri))];
  const height = Math.max(left.height, right.height, BOX_HEIGHT + 8);
  if (!left.boxes.length && !right.boxes.length) return null;
  const middle = height / 2;
  const startX = left.boxes.length ? 0 : SIDE_WIDTH + LABEL_WIDTH;
  const endX = right.boxes.length ? WIDTH : WIDTH - SIDE_WIDTH - LABEL_WIDTH;
  const center = WIDTH / 2;
  return (
    <figure>
      <ScrollBox label={`${w.diagram}: ${term.label}`}>
        {/* biome-ignore lint/a11y/useSemanticElements: SVG has no fieldset */}
        <svg
          viewBox={`${startX - 2} -6 ${endX - startX + 4} ${height + 12}`}
          width={endX - startX}
          class="diagram"
          role="group"
          aria-label={w.diagram}
        >
          <DiagramSide boxes={moveDown(left.boxes, (height - left.height) / 2)} model={model} colors={colors} middle={middle} isLeft />
          <DiagramSide
            boxes={moveDown(right.boxes, (height - right.height) / 2)}
            model={model}
            colors={colors}
            middle={middle}
            isLeft={false}
          />
          <g class="own">
            <rect
              x={center - CENTER_WIDTH / 2}
              y={middle - BOX_HEIGHT / 2}
              width={CENTER_WIDTH}
              height={BOX_HEIGHT}
              rx="5"
              style={{ stroke: colors.get(term.iri) }}
            />
            <text x={center} y={middle} dy="0.34em">
              <title>{term.label}</title>
              {truncate(term.label, 20)}
            </text>
          </g>
        </svg>
      </ScrollBox>
      <figcaption class="quiet">{w.diagramWhy}</figcaption>
    </figure>
  );
}

/** A box that scrolls horizontally, initially to its middle. */
function ScrollBox({ label, children }: { label: string; children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current) box.current.scrollLeft = (box.current.scrollWidth - box.current.clientWidth) / 2;
  }, []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section would be a landmark
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be focusable
    <div class="scroll" role="region" aria-label={label} tabIndex={0} ref={box}>
      {children}
    </div>
  );
}

interface DiagramSideProps extends DiagramProps {
  readonly boxes: readonly Box[];
  readonly middle: number;
  readonly isLeft: boolean;
}

function DiagramSide({ boxes, model, colors, middle, isLeft }: DiagramSideProps) {
  const w = useWords(words);
  const inner = WIDTH / 2 + (isLeft ? -CENTER_WIDTH / 2 : CENTER_WIDTH / 2);
  const edge = isLeft ? SIDE_WIDTH : WIDTH - SIDE_WIDTH;
  const lineEnd = isLeft ? edge + LABEL_WIDTH : edge - LABEL_WIDTH;
  const bend = (inner + lineEnd) / 2;
  return (
    <>
      {boxes.map((box) => {
        const x = isLeft ? 0 : edge;
        const entry = box.end && model.entries.get(box.end.iri);
        const label = box.end?.label ?? (isLeft ? w.anything : w.value);
        const content = (
          <>
            <title>{label}</title>
            <rect
              x={x}
              y={box.top + 2}
              width={SIDE_WIDTH}
              height={box.height - 4}
              rx="4"
              style={{ stroke: colors.get(box.end?.iri ?? "") }}
            />
            <text x={x + SIDE_WIDTH / 2} y={box.top + box.height / 2} dy="0.34em">
              {truncate(label, 22)}
            </text>
          </>
        );
        return (
          <g key={box.end?.iri ?? ""}>
            {box.rows.map(({ link, y }) => (
              <g key={link.property.iri} class={link.isInherited ? "line inherited" : "line"}>
                <path d={`M${inner},${middle}C${bend},${middle} ${bend},${y} ${lineEnd},${y}L${edge},${y}`} />
                <path d={isLeft ? arrow(inner, middle) : arrow(edge, y)} class="arrow" />
                <a href={termAddress(link.property.iri)}>
                  <title>{link.property.definition ?? link.property.label}</title>
                  <text x={isLeft ? edge + 8 : edge - 12} y={y - 4} class={isLeft ? "from" : "to"}>
                    {truncate(link.property.label, 25)}
                  </text>
                </a>
              </g>
            ))}
            {entry ? (
              <a href={termAddress(entry.term.iri)} class={`end ${entry.kind}`}>
                {content}
              </a>
            ) : (
              <g class="end plain">{content}</g>
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

const OVERVIEW_HEIGHT = 560;
const ROOT_WIDTH = 150;

/** The root classes, and the properties between them or their subclasses. */
function Overview({ model, colors }: DiagramProps) {
  const w = useWords(words);
  const { roots, edges } = overviewOf(model);
  const points = ellipsePoints(roots.length, WIDTH - ROOT_WIDTH - 8, OVERVIEW_HEIGHT - BOX_HEIGHT - 8).map(({ x, y }) => ({
    x: x + ROOT_WIDTH / 2 + 4,
    y: y + BOX_HEIGHT / 2 + 4,
  }));
  const pointOf = new Map(roots.map((root, index) => [root.iri, points[index]]));
  return (
    <figure>
      <ScrollBox label={w.overview}>
        {/* biome-ignore lint/a11y/useSemanticElements: SVG has no fieldset */}
        <svg viewBox={`0 0 ${WIDTH} ${OVERVIEW_HEIGHT}`} width={WIDTH} class="diagram" role="group" aria-label={w.overview}>
          {edges.map(({ from, to, properties }) => {
            const [a, b] = [pointOf.get(from), pointOf.get(to)];
            if (!a || !b) return null;
            const [cx, cy] = [(a.x + b.x) / 4 + WIDTH / 4, (a.y + b.y) / 4 + OVERVIEW_HEIGHT / 4];
            return (
              <path
                key={`${from} ${to}`}
                class="between"
                stroke-width={Math.min(8, Math.sqrt(properties.length) * 1.6)}
                d={`M${a.x},${a.y}Q${cx},${cy} ${b.x},${b.y}`}
              >
                <title>{properties.map(({ label }) => label).join(", ")}</title>
              </path>
            );
          })}
          {roots.map((root) => {
            const { x, y } = pointOf.get(root.iri) ?? { x: 0, y: 0 };
            return (
              <a key={root.iri} href={termAddress(root.iri)} class="end class">
                <title>{root.definition ?? root.label}</title>
                <rect
                  x={x - ROOT_WIDTH / 2}
                  y={y - BOX_HEIGHT / 2 + 4}
                  width={ROOT_WIDTH}
                  height={BOX_HEIGHT - 8}
                  rx="5"
                  style={{ stroke: colors.get(root.iri) }}
                />
                <text x={x} y={y} dy="0.34em">
                  {truncate(root.label, 20)}
                </text>
              </a>
            );
          })}
        </svg>
      </ScrollBox>
      <figcaption class="quiet">{w.overviewWhy}</figcaption>
      <details>
        <summary>{w.asList}</summary>
        <ul>
          {edges.map(({ from, to, properties }) => (
            <li key={`${from} ${to}`}>
              {model.entries.get(from)?.term.label} → {model.entries.get(to)?.term.label}:{" "}
              {properties.map(({ iri, label }, index) => (
                <>
                  {index > 0 && ", "}
                  <a href={termAddress(iri)}>{label}</a>
                </>
              ))}
            </li>
          ))}
        </ul>
      </details>
    </figure>
  );
}
