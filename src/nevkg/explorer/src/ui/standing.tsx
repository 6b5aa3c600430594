import { dashArray, type Standing } from "../state/standings";
import "./standing.css";

interface Props {
  readonly label: string;
  readonly standings: readonly Standing[];
  /** What those without one are called; nothing if there are none. */
  readonly none?: string;
}

/** The ring around a mark: its dashes tell the standing. */
export function Ring({ r, standing }: { r: number; standing: Standing | undefined }) {
  if (!standing) return null;
  return <circle r={r} fill="none" stroke="var(--ink)" stroke-width="1.2" stroke-dasharray={dashArray(standing, 1.2)} />;
}

/** What the dashes of lines and rings mean. */
export function StandingLegend({ label, standings, none = "" }: Props) {
  if (!standings.length) return null;
  return (
    <section class="standings">
      <h2>{label}</h2>
      <ul>
        {standings.map((one) => (
          <li key={one.iri}>
            <svg width="34" height="8" aria-hidden="true">
              <path d="M0 4H34" stroke="currentcolor" stroke-width="1.6" stroke-dasharray={dashArray(one, 1.2)} />
            </svg>
            <bdi>{one.label}</bdi>
          </li>
        ))}
        {none && (
          <li>
            <svg width="34" height="8" aria-hidden="true">
              <path d="M0 4H34" stroke="currentcolor" stroke-width="0.7" />
            </svg>
            {none}
          </li>
        )}
      </ul>
    </section>
  );
}
