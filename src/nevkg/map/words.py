"""Texts on maps."""

from __future__ import annotations

WORDS = {
    "en": {
        "as_of": "As of {}.",
        "comma": ", ",
        "coarse": "{} more known only by country or region, not drawn.",
        "hidden": "{} rows of other statuses are not drawn.",
        "moved": "Overlapping marks are moved apart.",
        "newest": "Sources: {}, the newest of {}.",
        "others": "others",
        "outlines": "Outlines of countries: Natural Earth.",
        "places": "places",
        "unlocated": "Location unknown: {}.",
        "rows": "rows",
        "shades": "Shade: {}",
        "shown": "On the map: {} {}.",
        "sizes": "Size: {}",
        "sources": "Sources: {}.",
        "unsized": "unknown",
        "unstated": "not stated",
    },
    "zh": {
        "as_of": "截至 {}。",
        "comma": "、",
        "coarse": "另有 {} 项仅知所在国家或地区，未绘出。",
        "hidden": "另有 {} 行为其他状态，未绘出。",
        "moved": "重叠的标记已移开。",
        "newest": "来源：{} 个，最新的为 {}。",
        "others": "其他",
        "outlines": "国家轮廓：Natural Earth。",
        "places": "地点",
        "unlocated": "位置未知：{}。",
        "rows": "行数",
        "shades": "深浅：{}",
        "shown": "图中{1}：{0}。",
        "sizes": "大小：{}",
        "sources": "来源：{} 个。",
        "unsized": "未知",
        "unstated": "未说明",
    },
}
