import { number, useLanguage } from "../state/language";
import { href } from "../state/route";
import { Gauge } from "../ui/controls";
import type { Node } from "./model";

interface Props {
  readonly nodes: readonly Node[];
  readonly selectedName: string;
  readonly hasDefinitions?: boolean;
  readonly colors?: ReadonlyMap<string, string>;
}

/** The hierarchy of terms, each with its number of uses. */
export function TermTree({ nodes, ...props }: Props) {
  const max = Math.max(1, ...nodes.flatMap(uses));
  return <Level nodes={nodes} max={max} {...props} />;
}

function uses({ term, children }: Node): number[] {
  return [term.uses, ...children.flatMap(uses)];
}

function Level({ nodes, selectedName, hasDefinitions = false, colors, max }: Props & { max: number }) {
  const lang = useLanguage();
  return (
    <ul class={hasDefinitions ? "branches detailed" : "branches"}>
      {nodes.map(({ term, children }) => (
        <li key={term.iri}>
          <span class="leaf">
            <a href={href("ontology", term.name)} aria-current={term.name === selectedName ? "page" : undefined}>
              {colors && <ColorSwatch color={colors.get(term.iri)} />}
              <bdi>{term.label}</bdi>
            </a>
            <span class="used">
              <Gauge part={term.uses / max} />
              <span class="count">{number(term.uses, lang)}</span>
            </span>
          </span>
          {hasDefinitions && term.definition && <p class="quiet">{term.definition}</p>}
          {children.length > 0 && (
            <Level nodes={children} selectedName={selectedName} hasDefinitions={hasDefinitions} max={max} {...(colors ? { colors } : {})} />
          )}
        </li>
      ))}
    </ul>
  );
}

export function ColorSwatch({ color }: { color: string | undefined }) {
  return color ? <span class="swatch" aria-hidden="true" style={{ background: color }} /> : null;
}
