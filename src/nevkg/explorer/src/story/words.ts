export const words = {
  en: {
    back: "Home",
    stories: "Stories",
    note: "Computed from the data as of {0}. Each number and list links to its answer, and each cell of the answer to its sources.",
  },
  zh: {
    back: "首页",
    stories: "专题",
    note: "据截至 {0} 的数据计算。点击数字或列表查看答案，点击答案中的单元格查看来源。",
  },
};
