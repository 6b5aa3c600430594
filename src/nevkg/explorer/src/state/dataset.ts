// Documents of the API that many views need, in the language of the page.
import { type Loading, useGet } from "../api/requests";
import type { Catalogue, Dataset, Ontology, QuestionHead } from "../api/types";
import { dayOf } from "../ui/dates";
import { otherLanguage, useLanguage } from "./language";

/** Returns the description of the dataset; undefined until it has been loaded. */
export function useDataset(): Dataset | undefined {
  return useGet<Dataset>("api/dataset", { lang: useLanguage() }).data;
}

/** Returns the day of the dataset; null until it has been loaded. */
export function useToday(): number | null {
  const dataset = useDataset();
  return dataset ? dayOf(dataset.date) : null;
}

/** Loads the ontology. */
export function useOntology(): Loading<Ontology> {
  return useGet<Ontology>("api/ontology", { lang: useLanguage() });
}

/** Returns the ontology in the other language; undefined until it has been loaded. */
export function useOtherOntology(): Ontology | undefined {
  return useGet<Ontology>("api/ontology", { lang: otherLanguage(useLanguage()) }).data;
}

/** Loads the catalogue of questions. */
export function useCatalogue(): Loading<Catalogue> {
  return useGet<Catalogue>("api/questions");
}

export function questionsOf({ topics }: Pick<Catalogue, "topics">): QuestionHead[] {
  return topics.flatMap((topic) => topic.questions);
}
