/** One agent of the sample app, which is one process. */
export interface AgentSpec {
  readonly agent: string;
  readonly project: string;
  /** Below the demo's folder. */
  readonly script: string;
  /** How many jobs `--once` gives it. */
  readonly onceJobs: number;
}

export const ORGANIZATION = "acme";

/** The budget that covers everything an agent does: what it has counted is the ledger. */
export const LEDGER_BUDGET = "agent-total";

export const AGENTS: readonly AgentSpec[] = [
  { agent: "planner", project: "atlas", script: "app/planner.js", onceJobs: 4 },
  { agent: "researcher", project: "atlas", script: "app/researcher.js", onceJobs: 4 },
  { agent: "writer", project: "beacon", script: "app/writer.js", onceJobs: 5 },
];

const TOPICS = [
  "toll roads",
  "turnpikes",
  "ferries",
  "city gates",
  "canal locks",
  "mountain passes",
];

/** What to work on, for ever. */
export function topicOf(jobNumber: number): string {
  return TOPICS[jobNumber % TOPICS.length] ?? "bridges";
}
