// A picture to take away: what is drawn, with its title above and where it is from below.
import { FORBIDDEN } from "../ui/text";
import { element, fit } from "./copy";
import { type Drawn, draw } from "./draw";
import { fontRules } from "./fonts";
import { measure, paintOf } from "./paint";
import { wrap } from "./wrap";

const MARGIN = 24;
const GAP = 16;
const LEAST = 600; // pixels that a title and a citation need

/** What stands around the picture. Each text wraps. */
export interface Caption {
  readonly title: string;
  readonly about: readonly string[]; // below the title: filters, days
  readonly from: readonly string[]; // below the picture: sources, citation
}

/** The picture of all that the page marks with `data-picture`, in the present theme; null if there is nothing. */
export async function sheet({ title, about, from }: Caption): Promise<string | null> {
  const parts = [...document.querySelectorAll<HTMLElement>("main [data-picture]")];
  const blocks = withoutSticking(parts, () => parts.map(draw).filter((one) => one !== null));
  if (!blocks.length) return null;
  const notes = parts.map((one) => one.dataset.picture ?? "").filter((note) => note && note !== "true");
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => paintOf(resolved(`var(${name})`));
  const width = Math.ceil(Math.max(LEAST, ...blocks.map((block) => block.width))) + 2 * MARGIN;
  const made = element("svg", { role: "img", "font-family": style.getPropertyValue("--text").trim() || "sans-serif" });
  made.append(described("title", title), described("desc", [...about, ...notes, ...from].join("\n")));
  const ground = element("rect", { fill: color("--ground"), width });
  made.append(ground);
  let y = MARGIN;
  const write = (text: string, size: number, weight: number, fill: string) => {
    const font = `${weight} ${size}px ${style.getPropertyValue("--text")}`;
    for (const line of wrap(text, width - 2 * MARGIN, (one) => measure(one, font))) {
      const placed = element("text", { x: MARGIN, y: y + size, "font-size": size, "font-weight": weight, fill });
      placed.textContent = line;
      fit(placed, measure(line, font));
      made.append(placed);
      y += size * 1.4;
    }
  };
  write(title, 20, 600, color("--ink"));
  for (const text of [...about, ...notes]) write(text, 13, 400, color("--quiet"));
  for (const block of blocks) {
    y += GAP;
    made.append(moved(block, MARGIN, y));
    y += block.height;
  }
  y += GAP;
  made.append(element("rect", { x: MARGIN, y, width: width - 2 * MARGIN, height: 1, fill: color("--line") }));
  y += GAP / 2;
  for (const text of from) write(text, 11.5, 400, color("--quiet"));
  const height = Math.ceil(y + MARGIN);
  ground.setAttribute("height", String(height));
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) made.setAttribute(name, String(value));
  const fonts = element("style");
  fonts.textContent = await fontRules(new XMLSerializer().serializeToString(made));
  made.prepend(fonts);
  const text = new XMLSerializer().serializeToString(made).replace(FORBIDDEN, "");
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`;
}

function moved({ marks, left, top }: Drawn, x: number, y: number): SVGElement {
  const group = element("g", { transform: `translate(${(x - left).toFixed(2)},${(y - top).toFixed(2)})` });
  group.append(...marks);
  return group;
}

function described(name: "title" | "desc", text: string): SVGElement {
  const made = element(name);
  made.textContent = text;
  return made;
}

/** The colour that a value gives here. */
function resolved(value: string): string {
  const probe = document.createElement("i");
  probe.style.color = value;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** What sticks to the window while one scrolls is drawn in its own place. */
function withoutSticking<T>(parts: readonly Element[], make: () => T): T {
  const sticking = parts
    .flatMap((part) => [...part.querySelectorAll<HTMLElement>("*")])
    .filter((one) => getComputedStyle(one).position === "sticky");
  for (const one of sticking) one.style.position = "static";
  try {
    return make();
  } finally {
    for (const one of sticking) one.style.removeProperty("position");
  }
}
