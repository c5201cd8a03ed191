import type { PolicyInput } from "@tollgate/budget";

export const POLICIES: readonly PolicyInput[] = [
  { id: "org-month", each: ["organization"], limit: { usd: 640 }, window: "month" },
  { id: "project-day", each: ["organization", "project"], limit: { usd: 80 }, window: "day" },
  {
    id: "helpdesk-week",
    match: { project: "helpdesk" },
    limit: { tokens: 48_000_000 },
    window: "week",
  },
  {
    id: "researcher-pace",
    match: { agent: "researcher" },
    limit: { requests: 960 },
    window: { rolling: "1h" },
  },
  { id: "writer-cap", match: { agent: "writer" }, limit: { usd: 16 }, window: "day" },
];
