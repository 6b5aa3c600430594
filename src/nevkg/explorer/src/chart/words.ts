import { catalogue, shared } from "../ui/catalogue";

export const words = catalogue({
  ...shared,
  value: ["Value", "数值"],
  unit: ["Unit", "单位"],
  layout: ["Bars", "条形"],
  grouped: ["side by side", "并列"],
  stacked: ["stacked", "堆叠"],
  showAll: ["Show all {0}", "显示全部 {0} 项"],
  fewer: ["Show the first {0}", "仅显示前 {0} 项"],
  part: ["The first {0} of {1} groups of bars.", "{1} 组条形中的前 {0} 组。"],
  nothing: ["No row has a number to plot.", "没有可绘制的数值。"],
  notDrawn: [
    "Rows not drawn: {0}. They have no number, or another metric or unit; the table shows them.",
    "{0} 行没有数值，或指标、单位不同，仅列于表格。",
  ],
  asTable: ["View as table", "以表格查看"],
  chart: ["Chart of {0}", "图表：{0}"],
  lighter: ["Lighter: {0}.", "浅色：{0}。"],
  hollow: [
    "Dashed or hollow: targets, plans and forecasts. A line below a mark is a range.",
    "虚线或空心：目标、计划与预测。点下竖线表示数值范围。",
  ],
});
