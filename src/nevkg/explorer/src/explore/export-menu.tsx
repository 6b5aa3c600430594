import { useWords } from "../state/language";
import { save } from "../ui/download";
import type { Picture } from "./canvas";
import { type ExportedGraph, WRITERS } from "./export";
import { words } from "./words";

const FORMATS = ["png", "svg", "gexf", "graphml", "csv", "json"] as const;
const IMAGE_FORMATS: readonly string[] = ["png", "svg"];

interface Props {
  readonly picture: { readonly current: Picture | null };
  readonly getGraph: () => Omit<ExportedGraph, "positions">;
  /** Whether there is a picture. */
  readonly isDrawn: boolean;
}

/** A menu that saves the visible graph as a file. */
export function ExportMenu({ picture, getGraph, isDrawn }: Props) {
  const w = useWords(words);
  const download = async (format: (typeof FORMATS)[number]) => {
    if (format === "png") return picture.current && save("graph.png", "image/png", await picture.current.png());
    const { write, media } = WRITERS[format];
    save(`graph.${format}`, media, write({ ...getGraph(), positions: picture.current?.positions() ?? new Map() }));
  };
  return (
    <details class="menu">
      <summary>{w.export}</summary>
      <div>
        {FORMATS.filter((format) => isDrawn || !IMAGE_FORMATS.includes(format)).map((format) => (
          <button key={format} type="button" class="plain" onClick={() => download(format)}>
            {w.formats[format]}
          </button>
        ))}
      </div>
    </details>
  );
}
