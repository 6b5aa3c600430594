import { catalogue, shared } from "../ui/catalogue";

export const words = catalogue({
  ...shared,
  title: ["Data quality", "数据质量"],
  lead: [
    "What the data covers, how well sources support it, and where it has known gaps and errors.",
    "数据的覆盖范围、来源支持程度，以及已知的缺口与错误。",
  ],
  contents: ["Contents", "目录"],
  overview: ["Overview", "总览"],
  checks: ["Checks", "检查"],
  checksWhy: [
    "Each check is a rule that all data should satisfy, with the number of cases that do not. Choose a check to see each case.",
    "每项检查是一条全部数据都应满足的规则，并列出不符合的数量。选择一项检查可逐一查看。",
  ],
  findings: ["Check results", "检查结果"],
  allChecks: ["All checks and how to fix what they find", "全部检查及修正办法"],
  evidenceQuestions: ["Questions about coverage, age, agreement and single sources", "关于覆盖范围、时效、一致性与单一来源的问题"],
  numbers: {
    sources: ["sources", "个来源"],
    statements: ["statements", "条陈述"],
    episodes: ["derived episodes", "个推导时段"],
    triples: ["triples", "条三元组"],
  },
  asOf: ["Version {0}, data as of {1}.", "版本 {0}，数据截至 {1}。"],
  severities: { violation: ["violation", "错误"], warning: ["warning", "警告"], info: ["remark", "提示"] },
  of: ["{0} found (checks: {1})", "{0} 处，{1} 项检查"],
  found: ["{0} found", "{0} 处"],
  noCases: ["No cases found.", "没有不符合的情况。"],
  fix: ["How to fix:", "修正办法："],
  none: ["None.", "无。"],
  unknown: ["There is no such table.", "没有这张表。"],
});
