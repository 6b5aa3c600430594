import { catalogue, shared } from "../ui/catalogue";

export const words = catalogue({
  ...shared,
  filter: ["Filter rows", "筛选行"],
  rows: ["{0} rows", "{0} 行"],
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
