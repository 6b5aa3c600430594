import type { Core } from "cytoscape";
import type { Ref } from "preact";
import { useEffect, useImperativeHandle, useRef, useState } from "preact/hooks";
import { fill, number, useLanguage, useWords } from "../state/language";
import { createCanvas, LOOKS, markSelected, positionsOf, type Scene, updateElements } from "./drawing";
import { handleKey } from "./keys";
import { updateLabels } from "./labels";
import { type Layout, layOut } from "./layouts";
import { ink, stylesheet } from "./look";
import type { Point } from "./positions";
import { words } from "./words";
import { fit, zoom } from "./zoom";

export interface Picture {
  readonly png: () => Promise<Blob>;
  readonly positions: () => ReadonlyMap<string, Point>;
  readonly fit: () => void;
  readonly zoom: (by: number) => void;
  readonly layOut: () => void;
}

interface Props extends Scene {
  readonly picture: Ref<Picture>;
  readonly title: string;
}

/** The picture of a graph. It follows its properties; nodes that remain keep their positions. */
export function Canvas(props: Props) {
  const { nodes, edges, off, looks, path, pinned, shapes, standings, chosen, layout, picture, title } = props;
  const w = useWords(words);
  const tongue = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const core = useRef<Core | null>(null);
  const now = useRef(props);
  now.current = props;

  useEffect(() => {
    const cy = createCanvas(box.current as HTMLDivElement, now);
    core.current = cy;
    const redraw = () => cy.style(stylesheet(ink()));
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", redraw);
    addEventListener("themechange", redraw);
    let width = cy.width();
    const sized = new ResizeObserver(() => {
      cy.resize();
      if (Math.abs(cy.width() - width) > 1) {
        cy.stop(); // a movement that has begun would end at a position for the old width
        fit(cy); // as when a panel opens beside it
      }
      width = cy.width();
    });
    sized.observe(box.current as HTMLDivElement);
    return () => {
      sized.disconnect();
      scheme.removeEventListener("change", redraw);
      removeEventListener("themechange", redraw);
      core.current = null;
      laying.current?.stop();
      cy.destroy();
    };
  }, []);

  const laying = useRef<{ readonly whole: boolean; readonly stop: () => void } | null>(null);
  const [isLaying, setLaying] = useState(false);
  const arrange = (fresh: ReadonlySet<string> | null) => {
    if (!core.current) return;
    laying.current?.stop();
    const whole = fresh === null || laying.current?.whole === true; // an unfinished layout of all nodes begins again with all
    const stop = layOut(core.current, now.current.layout, whole ? null : fresh, now.current.pinned, () => {
      laying.current = null;
      setLaying(false);
    });
    laying.current = stop && { whole, stop };
    setLaying(stop !== null);
  };

  const drawn = useRef<Layout | null>(null);
  useEffect(() => {
    const cy = core.current;
    if (!cy) return;
    const fresh = updateElements(cy, now.current);
    const whole = drawn.current === null || drawn.current !== layout || fresh.size === cy.nodes().length;
    drawn.current = layout;
    if (fresh.size || whole) arrange(whole ? null : fresh);
  }, [nodes, edges, layout, shapes, standings]);

  useEffect(() => {
    core.current?.batch(() => {
      core.current?.elements().forEach((element) => {
        const name = element.id();
        element.toggleClass("off", off.has(name)).toggleClass("path", path.has(name));
        for (const look of LOOKS) element.toggleClass(look, looks.get(name) === look);
        element.toggleClass("pinned", pinned.has(name));
      });
    });
    if (core.current) updateLabels(core.current);
  }, [nodes, edges, off, looks, path, pinned]);

  useEffect(() => {
    if (core.current) markSelected(core.current, chosen);
  }, [nodes, edges, chosen]);

  useImperativeHandle(
    picture,
    () => ({
      png: () =>
        core.current?.png({
          output: "blob-promise",
          full: true,
          scale: 2,
          bg: ink().ground,
          maxWidth: 8000,
          maxHeight: 8000,
        }) as Promise<Blob>,
      positions: () => positionsOf(core.current),
      fit: () => core.current && fit(core.current),
      zoom: (by) => core.current && zoom(core.current, by),
      layOut: () => arrange(null),
    }),
    [],
  );

  const onKey = (event: KeyboardEvent) => {
    const cy = core.current;
    if (!cy || event.ctrlKey || event.metaKey || event.altKey || !handleKey(cy, event.key, now.current)) return;
    event.preventDefault();
  };
  return (
    <>
      <div
        class="canvas"
        ref={box}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move through it
        tabIndex={0}
        aria-label={fill(w.canvas, title, nodes.length, edges.length)}
        aria-describedby="canvas-keys"
        onKeyDown={onKey}
      />
      {isLaying && (
        <p class="waiting laying" role="status">
          {fill(w.laying, number(nodes.filter((node) => !off.has(node.name)).length, tongue))}
        </p>
      )}
    </>
  );
}
