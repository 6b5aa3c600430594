import { number, useLanguage } from "../state/language";
import { href } from "../state/route";
import type { Node } from "./model";
import { Bar, Mark } from "./term";

interface Props {
  readonly nodes: readonly Node[];
  readonly chosen: string;
  readonly told?: boolean; // with definitions
  readonly colors?: ReadonlyMap<string, string>;
}

/** Terms below terms, each with how often it is used. */
export function Branches({ nodes, ...props }: Props) {
  const most = Math.max(1, ...nodes.flatMap(uses));
  return <Level nodes={nodes} most={most} {...props} />;
}

function uses({ term, below }: Node): number[] {
  return [term.uses, ...below.flatMap(uses)];
}

function Level({ nodes, chosen, told = false, colors, most }: Props & { most: number }) {
  const language = useLanguage();
  return (
    <ul class={told ? "branches told" : "branches"}>
      {nodes.map(({ term, below }) => (
        <li key={term.iri}>
          <span class="leaf">
            <a href={href("ontology", term.name)} aria-current={term.name === chosen ? "page" : undefined}>
              {colors && <Mark color={colors.get(term.iri)} />}
              <bdi>{term.label}</bdi>
            </a>
            <span class="used">
              <Bar part={term.uses / most} />
              <span class="count">{number(term.uses, language)}</span>
            </span>
          </span>
          {told && term.definition && <p class="quiet">{term.definition}</p>}
          {below.length > 0 && <Level nodes={below} chosen={chosen} told={told} most={most} {...(colors ? { colors } : {})} />}
        </li>
      ))}
    </ul>
  );
}
