import { useWords } from "../state/language";
import { save } from "../ui/download";
import type { Picture } from "./canvas";
import { type Exported, FILES } from "./export";
import { words } from "./words";

const FORMATS = ["png", "svg", "gexf", "graphml", "csv", "json"] as const;
const DRAWN: readonly string[] = ["png", "svg"];

interface Props {
  readonly picture: { readonly current: Picture | null };
  readonly file: () => Omit<Exported, "positions">;
  /** Whether there is a picture. */
  readonly isDrawn: boolean;
}

/** What is shown, as a file. */
export function Save({ picture, file, isDrawn }: Props) {
  const w = useWords(words);
  const download = async (format: (typeof FORMATS)[number]) => {
    if (format === "png") return picture.current && save("graph.png", "image/png", await picture.current.png());
    const { write, media } = FILES[format];
    save(`graph.${format}`, media, write({ ...file(), positions: picture.current?.positions() ?? new Map() }));
  };
  return (
    <details class="menu">
      <summary>{w.export}</summary>
      <div>
        {FORMATS.filter((format) => isDrawn || !DRAWN.includes(format)).map((format) => (
          <button key={format} type="button" class="plain" onClick={() => download(format)}>
            {w.formats[format]}
          </button>
        ))}
      </div>
    </details>
  );
}
