import { catalogue, shared } from "../ui/catalogue";

export const words = catalogue({
  ...shared,
  back: ["All questions", "全部问题"],
  any: ["any", "不限"],
  add: ["Add {0}", "添加{0}"],
  parameters: ["Filter by", "筛选"],
  unknownParameter: ["This question has no parameter called {0}; it is ignored.", "此问题没有名为 {0} 的参数，已忽略。"],
  reset: ["Reset to defaults", "恢复默认值"],
  showLeftOut: ["Show them", "一并显示"],
  more: ["About", "说明"],
  sparql: "SPARQL",
  partial: ["Showing the first {0} of {1} rows; loading the rest …", "显示 {1} 行中的前 {0} 行，其余正在加载……"],
  sources: ["Sources of this answer", "此答案的来源"],
  unknown: ["There is no question with this name.", "没有名称与此相同的问题。"],
});
