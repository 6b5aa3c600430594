import { catalogue, shared } from "../ui/catalogue";

export const words = catalogue({
  ...shared,
  back: ["Home", "首页"],
  note: [
    "Computed from the data as of {0}. Each number and list links to its answer, and each cell of the answer to its sources.",
    "据截至 {0} 的数据计算。点击数字或列表查看答案，点击答案中的单元格查看来源。",
  ],
  sources: ["{0} sources", "{0} 个来源"],
  between: ["; ", "；"],
  and: [" and ", "和"],
  more: [" and {0} more", "等另外 {0} 项"],
  missing: ["no data", "无数据"],
  answer: ["See the answer", "查看答案"],
});
