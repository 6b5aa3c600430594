import { catalogue, shared } from "../ui/catalogue";

export const words = catalogue({
  ...shared,
  value: ["Value", "数值"],
  period: ["Period", "时期"],
  aYear: ["a year", "一年"],
  aMonth: ["a month", "一个月"],
  months: ["{0} months", "{0} 个月"],
  day: ["a day, or not stated", "某日或未说明"],
  layout: ["Bars", "条形"],
  grouped: ["side by side", "并列"],
  stacked: ["stacked", "堆叠"],
  showAll: ["Show all {0}", "显示全部 {0} 项"],
  fewer: ["Show the first {0}", "仅显示前 {0} 项"],
  part: ["The first {0} of {1} groups of bars.", "{1} 组条形中的前 {0} 组。"],
  nothing: ["No row has a number to plot.", "没有可绘制的数值。"],
  notDrawn: [
    "Rows not drawn: {0}. They have no number, or another metric, unit, place or period; the table shows them.",
    "{0} 行没有数值，或指标、单位、地点、时期不同，仅列于表格。",
  ],
  beyondAxis: [
    "Targets and plans after the last actual figure that few series have, in the table only: {0}.",
    "最后一个实际数字之后、仅少数系列具有的目标与计划 {0} 项，仅列于表格。",
  ],
  asTable: ["View as table", "以表格查看"],
  chart: ["Chart of {0}", "图表：{0}"],
  lighter: ["Lighter: {0}.", "浅色：{0}。"],
  hollow: [
    "Dashed or hollow: targets, plans and forecasts. A line below a mark is a range.",
    "虚线或空心：目标、计划与预测。点下竖线表示数值范围。",
  ],
});
