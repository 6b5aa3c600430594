import { catalogue, shared } from "../ui/catalogue";

export const words = catalogue({
  ...shared,
  supportedApart: [
    "Counted: what sources support (corroborated or reported). What is stale or doubtful is counted apart.",
    "计入有来源支持者（多源印证或单源报道）；久未确认或存疑者另计。",
  ],
  notAssessed: ["As sources report it; how well it is supported is not assessed.", "照录来源所述，未评估其证据状况。"],
  filter: ["Filter rows", "筛选行"],
  found: ["{0} of {1} rows", "{1} 行中的 {0} 行"],
  different: ["{0} distinct values in “{1}”", "“{1}”共 {0} 个不同值"],
  sum: ["sum of “{1}”: {0}", "“{1}”合计 {0}"],
  columns: ["Columns", "列"],
  narrow: ["Narrow", "缩小范围"],
  sort: ["Sort by {0}", "按{0}排序"],
  none: ["No rows match.", "没有匹配的行。"],
  views: {
    text: "Turtle",
    table: ["Table", "表格"],
    map: ["Map", "地图"],
    timeline: ["Timeline", "时间线"],
    chart: ["Chart", "图表"],
    graph: ["Graph", "关系图"],
  },
  as: ["Show as", "显示为"],
});
