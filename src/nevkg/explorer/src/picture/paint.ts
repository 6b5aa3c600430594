// Colours and measures of the page, in the forms that every reader of SVG knows.

const canvas = document.createElement("canvas");
canvas.width = canvas.height = 1;
const context = canvas.getContext("2d", { willReadFrequently: true });
const known = new Map<string, string>();

/** A computed colour as #rrggbb, or as rgba(…) if it is translucent; "none" if nothing is seen of it. */
export function paintOf(color: string): string {
  if (color === "none" || color.startsWith("url(")) return color.replaceAll('"', "");
  const found = known.get(color) ?? readPixel(color);
  known.set(color, found);
  return found;
}

/** The pixel that a colour gives: computed colours may be in spaces that only browsers know. */
function readPixel(color: string): string {
  if (!context) return color;
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
  if (alpha === 0) return "none";
  if (alpha < 255) return `rgba(${red},${green},${blue},${(alpha / 255).toFixed(3)})`;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Where the baseline of a line of text is, from the box that the browser gives it. */
export function baselineOf(box: { top: number; height: number }, font: string): number {
  if (!context) return box.top + box.height * 0.8;
  context.font = font;
  const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = context.measureText("x");
  return box.top + (box.height - up - down) / 2 + up;
}

export function measure(text: string, font: string): number {
  if (!context) return text.length * 8;
  context.font = font;
  return context.measureText(text).width;
}
