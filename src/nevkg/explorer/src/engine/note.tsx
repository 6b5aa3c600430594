import { useSyncExternalStore } from "preact/compat";
import { useWords } from "../state/language";
import { catalogue } from "../ui/catalogue";
import { currentState, isWaiting, subscribe } from "./client";

const words = catalogue({
  starting: ["Loading the data into your browser; this happens once …", "正在将数据加载到浏览器，只需一次……"],
  broken: ["The data could not be loaded. Reload the page to try again.", "数据加载失败。请刷新页面重试。"],
});

/** A note that answers take longer because the engine is starting. */
export function EngineNote() {
  const w = useWords(words);
  const state = useSyncExternalStore(subscribe, () => (currentState() === "starting" && !isWaiting() ? "off" : currentState()));
  if (state !== "starting" && state !== "broken") return null;
  return (
    <p class="limited" role="status">
      {w[state]}
    </p>
  );
}
