import { dashArray, type Standing } from "../state/standings";
import "./standing.css";

interface Props {
  readonly label: string;
  readonly standings: readonly Standing[];
  /** The label for items without a standing; empty if there are none. */
  readonly none?: string;
}

/** A ring around a mark whose dashes show the standing. */
export function Ring({ r, standing }: { r: number; standing: Standing | undefined }) {
  if (!standing) return null;
  return <circle r={r} fill="none" stroke="var(--ink)" stroke-width="1.2" stroke-dasharray={dashArray(standing, 1.2)} />;
}

/** The legend for the dashes of lines and rings. */
export function StandingLegend({ label, standings, none = "" }: Props) {
  if (!standings.length) return null;
  return (
    <section class="standings">
      <h2>{label}</h2>
      <ul>
        {standings.map((standing) => (
          <li key={standing.iri}>
            <svg width="34" height="8" aria-hidden="true">
              <path d="M0 4H34" stroke="currentcolor" stroke-width="1.6" stroke-dasharray={dashArray(standing, 1.2)} />
            </svg>
            <bdi>{standing.label}</bdi>
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
