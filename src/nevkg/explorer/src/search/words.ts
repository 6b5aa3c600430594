import { catalogue, shared } from "../ui/catalogue";

export const words = catalogue({
  ...shared,
  find: ["Search", "搜索"],
  kinds: { question: ["question", "问题"], topic: ["topic", "主题"], story: ["story", "专题"] },
});
