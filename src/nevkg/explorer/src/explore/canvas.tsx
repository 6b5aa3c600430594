// The keys of the graph.

import type { Core } from "cytoscape";
import type { Ref } from "preact";
import { useEffect, useImperativeHandle, useRef, useState } from "preact/hooks";
import { fill, number, useLanguage, useWords } from "../state/language";
import { onThemeChange } from "../ui/theme";
import { createCanvas, markSelected, positionsOf, type Scene, updateElements, updateLabels } from "./drawing";
import { EDGE_STATES } from "./edge-states";
import { findNext, fit, type Layout, layOut, type Point, zoom } from "./layout";
import { createStylesheet, readColors } from "./style";
import { words } from "./words";

/** Handles a key; returns whether it has a meaning. */
function handleKey(cy: Core, key: string, { selected, off, nodes, choose, open, act }: Scene): boolean {
  const node = nodes.some(({ name }) => name === selected) ? selected : "";
  if (key.startsWith("Arrow")) {
    const positions = positionsOf(cy);
    for (const name of off) positions.delete(name);
    const degree = (name: string) => cy.getElementById(name).degree(false);
    const next = node ? findNext(key, node, positions) : [...positions.keys()].sort((a, b) => degree(b) - degree(a))[0];
    if (!next) return true;
    choose(next);
    const box = cy.getElementById(next).renderedBoundingBox({ includeLabels: false });
    if (box.x1 < 0 || box.y1 < 0 || box.x2 > cy.width() || box.y2 > cy.height()) cy.center(cy.getElementById(next));
    return true;
  }
  const actions: Readonly<Record<string, () => void>> = {
    Enter: () => selected && open(),
    Escape: () => choose(""),
    Delete: () => node && act("hide", node),
    e: () => node && act("grow", node),
    p: () => node && act("pin", node),
    "+": () => zoom(cy, 1.25),
    "-": () => zoom(cy, 0.8),
    "0": () => fit(cy),
  };
  actions[key]?.();
  return key in actions;
}

/** The operations of a picture, for the controls beside it. */
export interface Picture {
  readonly positions: () => ReadonlyMap<string, Point>;
  readonly fit: () => void;
  readonly zoom: (factor: number) => void;
  readonly layOut: () => void;
}

interface Props extends Scene {
  readonly picture: Ref<Picture>;
  readonly title: string;
}

/** The picture of a graph. When the graph changes, nodes that remain keep their positions. */
export function Canvas(props: Props) {
  const { nodes, edges, off, edgeStates, path, pinned, shapes, standings, selected, layout, picture, title } = props;
  const w = useWords(words);
  const lang = useLanguage();
  const container = useRef<HTMLDivElement>(null);
  const core = useRef<Core | null>(null);
  const scene = useRef(props);
  scene.current = props;

  useEffect(() => {
    const cy = createCanvas(container.current as HTMLDivElement, scene);
    core.current = cy;
    const redraw = () => cy.style(createStylesheet(readColors()));
    const stopRedrawing = onThemeChange(redraw);
    let width = cy.width();
    const observer = new ResizeObserver(() => {
      cy.resize();
      if (Math.abs(cy.width() - width) > 1) {
        cy.stop(); // a running animation would end at a viewport for the old width
        fit(cy);
      }
      width = cy.width();
    });
    observer.observe(container.current as HTMLDivElement);
    return () => {
      observer.disconnect();
      stopRedrawing();
      core.current = null;
      running.current?.stop();
      cy.destroy();
    };
  }, []);

  const running = useRef<{ readonly isFull: boolean; readonly stop: () => void } | null>(null);
  const [isRunning, setIsRunning] = useState(false);
  const runLayout = (fresh: ReadonlySet<string> | null) => {
    if (!core.current) return;
    running.current?.stop();
    const isFull = fresh === null || running.current?.isFull === true; // a cancelled layout of all nodes has to start over
    const stop = layOut(core.current, scene.current.layout, isFull ? null : fresh, scene.current.pinned, () => {
      running.current = null;
      setIsRunning(false);
    });
    running.current = stop && { isFull, stop };
    setIsRunning(stop !== null);
  };

  const lastLayout = useRef<Layout | null>(null);
  useEffect(() => {
    const cy = core.current;
    if (!cy) return;
    const fresh = updateElements(cy, scene.current);
    const isFull = lastLayout.current !== layout || fresh.size === cy.nodes().length;
    lastLayout.current = layout;
    if (fresh.size || isFull) runLayout(isFull ? null : fresh);
  }, [nodes, edges, layout, shapes, standings]);

  useEffect(() => {
    core.current?.batch(() => {
      core.current?.elements().forEach((element) => {
        const name = element.id();
        element.toggleClass("off", off.has(name)).toggleClass("path", path.has(name));
        for (const state of EDGE_STATES) element.toggleClass(state, edgeStates.get(name) === state);
        element.toggleClass("pinned", pinned.has(name));
      });
    });
    if (core.current) updateLabels(core.current);
  }, [nodes, edges, off, edgeStates, path, pinned]);

  useEffect(() => {
    if (core.current) markSelected(core.current, selected);
  }, [nodes, edges, selected]);

  useImperativeHandle(
    picture,
    () => ({
      positions: () => positionsOf(core.current),
      fit: () => core.current && fit(core.current),
      zoom: (factor) => core.current && zoom(core.current, factor),
      layOut: () => runLayout(null),
    }),
    [],
  );

  const onKey = (event: KeyboardEvent) => {
    const cy = core.current;
    if (!cy || event.ctrlKey || event.metaKey || event.altKey || !handleKey(cy, event.key, scene.current)) return;
    event.preventDefault();
  };
  return (
    <>
      <div
        class="canvas"
        ref={container}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the selection
        tabIndex={0}
        aria-label={fill(w.canvas, title, nodes.length, edges.length)}
        aria-describedby="canvas-keys"
        onKeyDown={onKey}
      />
      {isRunning && (
        <p class="waiting layout-status" role="status">
          {fill(w.arranging, number(nodes.filter((node) => !off.has(node.name)).length, lang))}
        </p>
      )}
    </>
  );
}
