// Converts colours of the page to forms that all SVG viewers support, and measures text.

const canvas = document.createElement("canvas");
canvas.width = canvas.height = 1;
const context = canvas.getContext("2d", { willReadFrequently: true });
const cache = new Map<string, string>();

/** Returns a computed colour as #rrggbb, as rgba(…) if it is translucent, or as "none" if it is transparent. */
export function paintOf(color: string): string {
  if (color === "none" || color.startsWith("url(")) return color.replaceAll('"', "");
  const paint = cache.get(color) ?? readPixel(color);
  cache.set(color, paint);
  return paint;
}

/** Converts a colour by painting a pixel, since computed colours may be in colour spaces that SVG viewers do not support. */
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

/** Returns the y coordinate of the baseline of a line of text, from its box in the browser. */
export function baselineOf(box: { top: number; height: number }, font: string): number {
  if (!context) return box.top + box.height * 0.8;
  context.font = font;
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = context.measureText("x");
  return box.top + (box.height - ascent - descent) / 2 + ascent;
}

/** Returns the width of a text in pixels. */
export function measure(text: string, font: string): number {
  if (!context) return text.length * 8;
  context.font = font;
  return context.measureText(text).width;
}
