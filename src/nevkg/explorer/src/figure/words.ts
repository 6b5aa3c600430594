export const words = {
  en: {
    asOf: "as of {0}",
    sources: "{0} sources",
    comma: ", ",
    between: "; ",
    and: " and ",
    more: " and {0} more",
    missing: "no data",
    answer: "See the answer",
  },
  zh: {
    asOf: "截至 {0}",
    sources: "{0} 个来源",
    comma: "、",
    between: "；",
    and: "和",
    more: "等另外 {0} 项",
    missing: "无数据",
    answer: "查看答案",
  },
};
