import { diag, type Meter } from "@opentelemetry/api";
import type { Attribution, Run } from "@tollgate/core";
import {
  ATTR_AGENT_NAME,
  ATTR_ERROR_TYPE,
  ATTR_ORGANIZATION,
  ATTR_OVERFLOW,
  ATTR_PROJECT,
  ATTR_TOOL_NAME,
  ATTR_TOOL_TYPE,
  ATTR_WORKFLOW_NAME,
} from "@tollgate/core/semconv";
import type { MetricLabel } from "./accounts.ts";
import { createRunHistograms, type RunHistograms } from "./instruments.ts";
import { checkOptions, LABELS, MAX_SERIES, type MeteringOptions } from "./options.ts";
import { createSeriesFamily, NO_VALUE, type Labels, type SeriesPicker } from "./series.ts";

/** The instruments of agents, tools and tasks. Histograms only: without a meter, nothing is kept. */
export interface RunMetering {
  /** Adds a run that has ended. Never throws. */
  record(run: Run): void;
  /**
   * Makes the instruments on a meter; what is recorded goes there from now on (to the last one bound).
   *
   * @returns a function that takes the instruments off again.
   */
  bind(meter: Meter): () => void;
}

/**
 * Makes the instruments of runs by themselves, for where no calls are metered.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` for a label that is none, or too few series.
 */
export function createRunMetering(options: MeteringOptions = {}): RunMetering {
  const { labels = LABELS, maxSeries = MAX_SERIES } = options;
  checkOptions(labels, maxSeries);
  const seriesOf = {
    agent: createRunSeries(maxSeries),
    tool: createRunSeries(maxSeries),
    task: createRunSeries(maxSeries),
  };
  const bound: RunHistograms[] = [];

  return {
    record(run) {
      const histograms = bound.at(-1);
      if (histograms === undefined) return;
      try {
        recordRun(histograms, seriesOf[run.kind](labelsOf(run, labels)), run);
      } catch (error) {
        diag.error("Tollgate could not count a run", error);
      }
    },

    bind(meter) {
      const histograms = createRunHistograms(meter);
      bound.push(histograms);
      return () => {
        const index = bound.indexOf(histograms);
        if (index >= 0) bound.splice(index, 1);
      };
    },
  };
}

/** The attributes of one label set: alone, and with an error type. */
interface RunSeries {
  readonly labels: Labels;
  readonly withError: SeriesPicker<string>;
}

/** Label sets beyond the limit share one series. */
function createRunSeries(maxSeries: number): (labels: Labels) => RunSeries {
  const durations = createSeriesFamily<string>(maxSeries, { name: ATTR_ERROR_TYPE, values: [] });
  const known = new Map<string, RunSeries>();
  let overflow: RunSeries | undefined;

  return (labels) => {
    const key = JSON.stringify(labels);
    let series = known.get(key);
    if (series !== undefined) return series;
    if (known.size >= maxSeries - 1) {
      return (overflow ??= {
        labels: { [ATTR_OVERFLOW]: true },
        withError: durations.picker(undefined),
      });
    }
    series = { labels, withError: durations.picker(labels) };
    known.set(key, series);
    return series;
  };
}

function labelsOf(run: Run, wanted: readonly MetricLabel[]): Labels {
  const labels: Record<string, string> = {};
  const add = (name: string, value: string | undefined): void => {
    if (value) labels[name] = value;
  };
  const has = (label: MetricLabel): boolean => wanted.includes(label);
  if (run.kind === "tool") {
    add(ATTR_TOOL_NAME, run.name);
    add(ATTR_TOOL_TYPE, run.type);
  }
  if (run.kind === "task") add(ATTR_WORKFLOW_NAME, run.workflow);
  else if (has("agent")) add(ATTR_AGENT_NAME, agentOf(run, run.attribution));
  if (has("organization")) add(ATTR_ORGANIZATION, run.attribution.organization);
  if (has("project")) add(ATTR_PROJECT, run.attribution.project);
  return labels;
}

function agentOf(run: Run, { agent }: Attribution): string | undefined {
  return run.kind === "agent" ? run.name : agent;
}

const DURATIONS = {
  agent: "agentSeconds",
  tool: "toolSeconds",
  task: "workflowSeconds",
} as const satisfies Record<Run["kind"], keyof RunHistograms>;

function recordRun(histograms: RunHistograms, series: RunSeries, run: Run): void {
  const { attributes } = series.withError(run.errorType ?? NO_VALUE);
  histograms[DURATIONS[run.kind]].record(run.durationMs / 1000, attributes);
  if (run.kind !== "agent") return;
  histograms.inferenceCalls.record(run.inferenceCalls, series.labels);
  histograms.toolCalls.record(run.toolCalls, series.labels);
}
