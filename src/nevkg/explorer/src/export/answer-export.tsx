import { useCallback, useState } from "preact/hooks";
import { populationOf } from "../answer/population";
import { words as answerWords } from "../answer/words";
import { useLoading } from "../api/requests";
import { fromRoot, isSite } from "../api/site";
import type { Answer, QuestionHead, View } from "../api/types";
import { answerAddress } from "../ask/answer";
import { useOntology } from "../state/dataset";
import { fill, useLanguage, useWords } from "../state/language";
import { useRoute } from "../state/route";
import { Copy } from "../ui/controls";
import { save } from "../ui/download";
import { captionOf, citationOf, embedCode, isAvailable, saveFromEngine, shareAddress, titleWithFilters, useIsEmbeddable } from "./links";
import { words } from "./words";
import "./export.css";

const ROW_FORMATS = ["csv", "xlsx", "json", "tsv", "jsonl", "md", "parquet"] as const;
const ARCHIVE_FORMATS = ["zip", "html"] as const;
const REFERENCE_FORMATS = ["bibtex", "csl", "ris"] as const;
const PICTURE_VIEWS: readonly View[] = ["chart", "map", "timeline"];

interface Props {
  readonly question: QuestionHead;
  readonly answer: Answer;
  readonly view: View;
}

/** The menu with downloads, links and the citation of an answer. */
export function AnswerExport(props: Props) {
  const w = useWords(words);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details class="menu export" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{w.export}</summary>
      {isOpen && <MenuContent {...props} />}
    </details>
  );
}

function MenuContent({ question, answer, view }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const isEmbeddable = useIsEmbeddable();
  const loading = useLoading(useCallback(() => citationOf(question, params, lang), [question, params, lang]));
  const downloads = (formats: readonly (keyof typeof w.formats)[]) => (
    <p class="choices">
      {formats.filter(isAvailable).map((format) => {
        const path = answerAddress(question, params, lang, format);
        const name = `nevkg-${answer.question}-${answer.asOf}.${format}`; // for JSON; the other responses have names
        return (
          <a key={format} href={fromRoot(path)} download={name} onClick={(event) => saveFromEngine(event, path, name)}>
            {w.formats[format]}
          </a>
        );
      })}
    </p>
  );
  return (
    <div>
      <h2>{w.rows}</h2>
      {downloads(ROW_FORMATS)}
      {isSite && <p class="quiet">{w.ofServers}</p>}
      <h2>{w.whole}</h2>
      {downloads(ARCHIVE_FORMATS)}
      <h2>{w.references}</h2>
      {downloads(REFERENCE_FORMATS)}
      {PICTURE_VIEWS.includes(view) && <PictureDownloads question={question} answer={answer} view={view} />}
      <h2>{w.link}</h2>
      <p class="choices">
        <Copy text={shareAddress(question, answer, lang)}>{w.copyLink}</Copy>
        {isEmbeddable && <Copy text={embedCode(titleWithFilters(answer, w.or))}>{w.copyEmbed}</Copy>}
      </p>
      <p class="quiet">{w.linkNote}</p>
      <h2>{w.citation}</h2>
      {loading.data && (
        <div class="cite">
          <p>{loading.data}</p>
          <Copy text={loading.data} />
        </div>
      )}
    </div>
  );
}

function PictureDownloads({ question, answer, view }: Props) {
  const w = useWords(words);
  const a = useWords(answerWords);
  const lang = useLanguage();
  const { params } = useRoute();
  const [hasFailed, setHasFailed] = useState(false);
  const isLoading = useOntology().state === "waiting"; // it has the standings, which the text of a picture counts
  const download = async (format: "svg" | "png", isSlide: boolean) => {
    try {
      const [{ renderPicture }, { pngOf }] = await Promise.all([import("../picture/render"), import("../picture/render")]);
      const svg = await renderPicture(
        captionOf(answer, populationOf(answer, question.show ?? {}, view, a), await citationOf(question, params, lang), w),
        isSlide,
      );
      if (svg === null) throw new Error("The view contains nothing to draw.");
      const name = `nevkg-${answer.question}-${answer.asOf}-${view}${isSlide ? "-slide" : ""}.${format}`;
      if (format === "svg") save(name, "image/svg+xml", svg);
      else save(name, "image/png", await pngOf(svg));
      setHasFailed(false);
    } catch {
      setHasFailed(true);
    }
  };
  return (
    <>
      <h2>{w.picture}</h2>
      <p class="choices">
        {[false, true].flatMap((isSlide) =>
          (["png", "svg"] as const).map((format) => (
            <button key={format + isSlide} type="button" class="small" disabled={isLoading} onClick={() => download(format, isSlide)}>
              {isSlide ? fill(w.slide, format.toUpperCase()) : format.toUpperCase()}
            </button>
          )),
        )}
      </p>
      {hasFailed && <p role="alert">{w.failed}</p>}
    </>
  );
}
