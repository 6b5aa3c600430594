import { catalogue, shared } from "../ui/catalogue";

export const words = catalogue({
  ...shared,
  more: ["{0} more", "另有 {0} 项"],
  allRows: ["All {0} rows", "全部 {0} 行"],
  open: ["Open the question", "打开该问题"],
  statements: ["All statements about it", "关于它的全部陈述"],
  ordered: [
    "By property. Values with the best standing come first, then those with most independent sources.",
    "按属性排列；证据状况最佳者在前，其次为独立来源最多者。",
  ],
  neighbours: ["Linked entities", "相关实体"],
  byImportance: [
    "Those that sources support come first, the largest before others, then those with most statements.",
    "有来源充分支持者在前，其中规模大者优先，其次为陈述多者。",
  ],
  shownOf: ["{0} of {1}", "{1} 个中的 {0} 个"],
  count: ["{0} statements", "{0} 条陈述"],
  none: ["Nothing is linked with it on this day.", "该日没有与之相关的实体。"],
});
