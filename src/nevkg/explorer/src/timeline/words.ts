import { catalogue, shared } from "../ui/catalogue";

export const words = catalogue({
  ...shared,
  timeline: ["Timeline", "时间线"],
  missing: ["No question in this dataset can be shown as a timeline.", "本数据集没有可显示为时间线的问题。"],
  find: ["Filter lanes", "筛选泳道"],
  bands: ["Background periods", "背景时段"],
  earlier: ["Earlier", "更早"],
  later: ["Later", "更晚"],
  hint: [
    "Drag to pan; hold Ctrl and scroll to zoom. A marker is a single day; a marker on a thin line is an unknown day within that period; a bar is a period; a faded end means an open date.",
    "拖动平移；按住 Ctrl 滚动滚轮缩放。标记为某一日；细线上的标记为该时段内日期不明的某一日；横条为持续时段；渐隐的一端表示起止日期未定。",
  ],
  firstLanes: ["The first {0} of {1} lanes.", "{1} 条泳道中的前 {0} 条。"],
  counts: ["Events: {0}, lanes: {1}", "{0} 个事件，{1} 条泳道"],
  undated: ["Events without a date, listed only in the table: {0}.", "{0} 个事件日期不明，仅列于表格。"],
  more: ["Show {0} more lanes", "再显示 {0} 条泳道"],
  fewer: ["Show fewer lanes", "显示较少泳道"],
  list: ["By date", "按日期"],
  truncated: ["Showing the first {0} of {1}; filter to find others.", "显示 {1} 项中的前 {0} 项；可筛选查找其余各项。"],
  nothing: ["No events in this period match the filters.", "该时段内没有符合筛选条件的事件。"],
  none: ["No lane matches.", "没有匹配的泳道。"],
  today: ["dataset date", "数据集日期"],
  lane: ["{0}, {1} events", "{0}，{1} 个事件"],
});
