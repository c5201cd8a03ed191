/** A pair of windows in which a budget burns too fast. */
export interface BurnTier {
  /** How many times faster than what would use the limit up just at the window's end. */
  readonly factor: number;
  /** Share of the budget's window that is looked at; the short window is a twelfth of that. */
  readonly windowShare: number;
  /** Shorter than this nothing is told from noise. */
  readonly leastMinutes: number;
  /** Whether somebody is to be called. */
  readonly urgent: boolean;
}

/** Every threshold and selector of rules and dashboards. */
export interface GrafanaConfig {
  /** Put on every series, such as `cluster="eu"`. Empty: none. */
  readonly selector: string;
  /** The scrape job of collectors: what `up` is looked at. */
  readonly collectorSelector: string;
  /** Agents and projects that are coding agents, as a regular expression. */
  readonly codingAgents: string;
  /** Where runbooks are; the alert's name is appended. */
  readonly runbookUrl: string;
  readonly budget: {
    /** Share of a limit. */
    readonly softLimit: number;
    /** Below 1: a budget that denies is full when the next call does not fit. */
    readonly exhausted: number;
    /** Share of a window that must have passed before its end is foretold. */
    readonly projectAfter: number;
    /** What is foretold must be above this share of the limit. */
    readonly projectedShare: number;
    /** Windows of calendar budgets, and those longest seconds that still are one. */
    readonly windows: readonly {
      readonly name: string;
      readonly seconds: number;
      readonly longestSeconds: number;
    }[];
    readonly burn: readonly BurnTier[];
    /** US dollars in an hour. */
    readonly overrunUsd: number;
    readonly presumedUsd: number;
    /** Share of the limit by which metrics and ledger may differ. */
    readonly divergence: number;
    readonly aggregatesAgeSeconds: number;
  };
  readonly spend: {
    /** Against the same hour of the day before and the week before. */
    readonly anomalyRatio: number;
    /** US dollars an hour below which nothing is unusual. */
    readonly anomalyFloorUsd: number;
  };
  readonly pricing: {
    readonly staleSeconds: number;
    readonly estimatedShare: number;
  };
  readonly provider: {
    readonly errorShare: number;
    readonly rateLimitedShare: number;
    /** Calls in the window below which shares say nothing. */
    readonly leastRequests: number;
    /** Values of `error.type` by which providers say that they are asked too often, as a regular expression. */
    readonly rateLimitErrors: string;
    /** The cache's share of input may fall to this share of what it was the day before. */
    readonly cacheDrop: number;
    /** Below this the cache was of no use before either. */
    readonly cacheWorthwhile: number;
  };
  readonly pipeline: {
    readonly droppedShare: number;
  };
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const CONFIG: GrafanaConfig = {
  selector: "",
  collectorSelector: 'job="tollgate-collector"',
  codingAgents: "(?i).*(claude[-_ ]?code|codex|gemini[-_ ]?cli|copilot).*",
  runbookUrl: "https://github.com/tollgate/tollgate/blob/main/docs/runbooks/",
  budget: {
    softLimit: 0.8,
    exhausted: 0.99,
    projectAfter: 0.2,
    projectedShare: 1.1,
    windows: [
      { name: "day", seconds: DAY, longestSeconds: 2 * DAY },
      { name: "week", seconds: 7 * DAY, longestSeconds: 8 * DAY },
      { name: "month", seconds: 30 * DAY, longestSeconds: 32 * DAY },
    ],
    // Of an hour, six hours, a day and three days in thirty: Google's SRE workbook, "Alerting on SLOs".
    burn: [
      { factor: 14.4, windowShare: 1 / 720, leastMinutes: 15, urgent: true },
      { factor: 6, windowShare: 6 / 720, leastMinutes: 30, urgent: true },
      { factor: 3, windowShare: 24 / 720, leastMinutes: 60, urgent: false },
      { factor: 1, windowShare: 72 / 720, leastMinutes: 180, urgent: false },
    ],
    overrunUsd: 1,
    presumedUsd: 1,
    divergence: 0.05,
    aggregatesAgeSeconds: 5 * MINUTE,
  },
  spend: { anomalyRatio: 3, anomalyFloorUsd: 5 },
  pricing: { staleSeconds: 90 * DAY, estimatedShare: 0.2 },
  provider: {
    errorShare: 0.05,
    rateLimitedShare: 0.05,
    leastRequests: 20,
    rateLimitErrors: "429|529|(?i)(rate_?limit|overloaded|throttl|resource_exhausted).*",
    cacheDrop: 0.5,
    cacheWorthwhile: 0.2,
  },
  pipeline: { droppedShare: 0.01 },
};
