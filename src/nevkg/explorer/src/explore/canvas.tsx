import type { Core } from "cytoscape";
import type { Ref } from "preact";
import { useEffect, useImperativeHandle, useRef, useState } from "preact/hooks";
import { fill, number, useLanguage, useWords } from "../state/language";
import { begin, LOOKS, mark, places, type Scene, update } from "./drawing";
import { type Layout, layOut } from "./layouts";
import { ink, stylesheet } from "./look";
import { nameApart } from "./names";
import type { Point } from "./place";
import { pressed } from "./pressed";
import { words } from "./words";
import { fit, zoom } from "./zoom";

export interface Picture {
  readonly png: () => Promise<Blob>;
  readonly places: () => ReadonlyMap<string, Point>;
  readonly fit: () => void;
  readonly zoom: (by: number) => void;
  readonly layOut: () => void;
}

interface Props extends Scene {
  readonly picture: Ref<Picture>;
  readonly title: string;
}

/** The picture of a graph. It follows what it is given; what is there stays put. */
export function Canvas(props: Props) {
  const { nodes, edges, off, looks, path, pinned, shapes, standings, chosen, layout, picture, title } = props;
  const w = useWords(words);
  const tongue = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const core = useRef<Core | null>(null);
  const now = useRef(props);
  now.current = props;

  useEffect(() => {
    const cy = begin(box.current as HTMLDivElement, now);
    core.current = cy;
    const redraw = () => cy.style(stylesheet(ink()));
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", redraw);
    addEventListener("themechange", redraw);
    let width = cy.width();
    const sized = new ResizeObserver(() => {
      cy.resize();
      if (Math.abs(cy.width() - width) > 1) {
        cy.stop(); // a movement that is under way would end where the old width had wanted it
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
  const [isLaying, tellLaying] = useState(false);
  const arrange = (fresh: ReadonlySet<string> | null) => {
    if (!core.current) return;
    laying.current?.stop();
    const whole = fresh === null || laying.current?.whole === true; // what was begun with all is not left half done
    const stop = layOut(core.current, now.current.layout, whole ? null : fresh, now.current.pinned, () => {
      laying.current = null;
      tellLaying(false);
    });
    laying.current = stop && { whole, stop };
    tellLaying(stop !== null);
  };

  const drawn = useRef<Layout | null>(null);
  useEffect(() => {
    const cy = core.current;
    if (!cy) return;
    const fresh = update(cy, now.current);
    const whole = drawn.current === null || drawn.current !== layout || fresh.size === cy.nodes().length;
    drawn.current = layout;
    if (fresh.size || whole) arrange(whole ? null : fresh);
  }, [nodes, edges, layout, shapes, standings]);

  useEffect(() => {
    core.current?.batch(() => {
      core.current?.elements().forEach((one) => {
        const name = one.id();
        one.toggleClass("off", off.has(name)).toggleClass("path", path.has(name));
        for (const look of LOOKS) one.toggleClass(look, looks.get(name) === look);
        one.toggleClass("pinned", pinned.has(name));
      });
    });
    if (core.current) nameApart(core.current);
  }, [nodes, edges, off, looks, path, pinned]);

  useEffect(() => {
    if (core.current) mark(core.current, chosen);
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
      places: () => places(core.current),
      fit: () => core.current && fit(core.current),
      zoom: (by) => core.current && zoom(core.current, by),
      layOut: () => arrange(null),
    }),
    [],
  );

  const key = (event: KeyboardEvent) => {
    const cy = core.current;
    if (!cy || event.ctrlKey || event.metaKey || event.altKey || !pressed(cy, event.key, now.current)) return;
    event.preventDefault();
  };
  return (
    <>
      <div
        class="canvas"
        ref={box}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: one moves through it by arrow keys
        tabIndex={0}
        aria-label={fill(w.canvas, title, nodes.length, edges.length)}
        aria-describedby="canvas-keys"
        onKeyDown={key}
      />
      {isLaying && (
        <p class="waiting laying" role="status">
          {fill(w.laying, number(nodes.filter((node) => !off.has(node.name)).length, tongue))}
        </p>
      )}
    </>
  );
}
