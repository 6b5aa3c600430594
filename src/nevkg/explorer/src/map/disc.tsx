import type { Style } from "./symbols";

const FILLED: readonly Style[] = ["solid", "tinted", "faint"];

/** A marker. Its colours show one role, its fill and outline another. */
export function Disc({ r, colors, style }: { r: number; colors: readonly string[]; style: Style }) {
  const [first = "currentcolor", ...others] = colors;
  const d = circle(r);
  return (
    <g class={`mark-${style}`}>
      <path class="ground" d={d} />
      <path class="own" d={d} fill={first} stroke={first} />
      {others.length > 0 && FILLED.includes(style) && <path class="own" d={halfCircle(r)} fill={others[0]} stroke={others[0]} />}
      {style === "crossed" && (
        <path
          class="inner"
          d={`M${-r * 0.6},${-r * 0.6}L${r * 0.6},${r * 0.6}M${r * 0.6},${-r * 0.6}L${-r * 0.6},${r * 0.6}`}
          stroke={first}
        />
      )}
      {style === "centred" && <circle r={r * 0.4} fill={first} />}
    </g>
  );
}

function circle(r: number): string {
  return `M${-r},0a${r},${r} 0 1,1 ${2 * r},0a${r},${r} 0 1,1 ${-2 * r},0Z`;
}

function halfCircle(r: number): string {
  return `M0,${-r}a${r},${r} 0 0,1 0,${2 * r}Z`;
}
