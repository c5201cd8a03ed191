import type { PolicyInput } from "@tollgate/budget";

export const POLICIES: readonly PolicyInput[] = [
  { id: "org-month", each: ["organization"], limit: { usd: 600 }, window: "month" },
  { id: "project-day", each: ["organization", "project"], limit: { usd: 26 }, window: "day" },
  {
    id: "helpdesk-week",
    match: { project: "helpdesk" },
    limit: { tokens: 60_000_000 },
    window: "week",
  },
  {
    id: "researcher-pace",
    match: { agent: "researcher" },
    limit: { requests: 240 },
    window: { rolling: "1h" },
  },
  { id: "writer-cap", match: { agent: "writer" }, limit: { usd: 6 }, window: "day" },
];
