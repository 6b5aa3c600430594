import { catalogue, shared } from "../ui/catalogue";

export const words = catalogue({
  ...shared,
  find: ["Search", "搜索"],
  hint: ["A company, country, plant, policy or question", "公司、国家、工厂、政策或问题"],
  starts: ["Start with", "从这里开始"],
  numbers: ["In numbers", "数字"],
  asOf: ["As of {0}. Each number links to the answer it is computed from.", "截至 {0}。点击数字，查看所统计的答案。"],
  map: ["Where they are", "分布"],
  openMap: ["Open the whole map", "打开完整地图"],
  questions: ["Questions by topic", "分主题的问题"],
  allQuestions: ["All {0} questions", "全部 {0} 个问题"],
  kinds: { question: ["question", "问题"], topic: ["topic", "主题"], story: ["story", "专题"] },
});
