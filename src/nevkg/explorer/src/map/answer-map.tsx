import { useCallback } from "preact/hooks";
import type { AnswerProps } from "../answer/roles";
import { useLoading } from "../api/use";
import { useLanguage } from "../state/language";
import { Loaded } from "../ui/loaded";
import { gazetteer } from "./gazetteer";
import type { Shade } from "./markers";
import { MapView } from "./view";

/** An answer on a map, once it is known where things lie. */
export function AnswerMap(shown: AnswerProps & { readonly shades?: readonly Shade[] }) {
  const lang = useLanguage();
  const loading = useLoading(useCallback(() => gazetteer(lang), [lang]));
  return <Loaded of={loading}>{(where) => <MapView {...shown} where={where} />}</Loaded>;
}
