import { useCallback } from "preact/hooks";
import type { AnswerProps } from "../answer/roles";
import { useLoading } from "../api/use";
import { useLanguage } from "../state/language";
import { Loaded } from "../ui/loaded";
import { loadGazetteer } from "./gazetteer";
import type { Highlight } from "./markers";
import { MapView } from "./view";

/** An answer as a map. */
export function AnswerMap(props: AnswerProps & { readonly highlights?: readonly Highlight[] }) {
  const lang = useLanguage();
  const loading = useLoading(useCallback(() => loadGazetteer(lang), [lang]));
  return <Loaded of={loading}>{(gazetteer) => <MapView {...props} gazetteer={gazetteer} />}</Loaded>;
}
