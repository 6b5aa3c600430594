import { useGet } from "../api/requests";
import type { Card } from "../api/types";
import { ServerDetails } from "../page/server-page";
import { fill, useLanguage, useWords } from "../state/language";
import { AS_OF, href, useRoute } from "../state/route";
import { AsOf } from "../ui/day-slider";
import { useTitle } from "../ui/hooks";
import { Loaded } from "../ui/loading";
import { Summary } from "./card";
import { AllStatements, Neighbours, OPEN, Section } from "./sections";
import { words } from "./words";

/** The page of the entity whose name is in the address. */
export function EntityPage() {
  const { name, params } = useRoute();
  const day = params.get(AS_OF) ?? undefined;
  const loading = useGet<Card>("api/cards", { iri: name, as_of: day, lang: useLanguage() });
  return <Loaded of={loading}>{(card) => <EntityCard card={card} day={day} key={card.iri} />}</Loaded>;
}

function EntityCard({ card, day }: { card: Card; day: string | undefined }) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const open = params.get(OPEN) ?? card.sections.find(({ view }) => view !== "table")?.question;
  useTitle(card.label);
  return (
    <>
      <header class="of-thing">
        <p class="quiet">{card.kinds.join(lang === "zh" ? "、" : ", ")}</p>
        <h1>
          <bdi>{card.label}</bdi>
        </h1>
        {card.called.length > 0 && (
          <p class="quiet">
            <bdi>{fill(w.called, card.called.join(" · "))}</bdi>
          </p>
        )}
        <div class="onward">
          <a href={href("explore", "", { thing: card.name })}>{w.showInGraph}</a>
          <code>{card.name}</code>
        </div>
        <AsOf />
      </header>
      <Summary card={card} />
      {card.sections.map((link) => (
        <Section key={link.question} link={link} iri={card.iri} day={day} isOpen={link.question === open} />
      ))}
      <AllStatements iri={card.iri} day={day} />
      <Neighbours iri={card.iri} day={day} />
      <ServerDetails />
    </>
  );
}
