import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { formatPrometheusText, startFakeProvider, type PrometheusFamily } from "@tollgate/testkit";
import { startAgent, type AgentProcess } from "./agent-process.ts";
import { AGENTS } from "./agents.ts";
import { readFigures, type Figures } from "./figures.ts";
import { runFixedJobs, trickleJobs, type JobEnd } from "./jobs.ts";
import { mergeScrapes } from "./merge-scrapes.ts";
import { startMetricsServer } from "./metrics-server.ts";
import { replyTo } from "./provider-script.ts";
import { createScraper } from "./scraper.ts";
import { createThrottleWatch } from "./throttle-watch.ts";
import type { DemoEvent, DemoState, View } from "./view/state.ts";

const REDRAW_MS = 250;
const SETTLE_LIMIT_MS = 5_000;
const EVENTS_KEPT = 50;

/** The demo at work: a fake provider, three agents behind Tollgate, one `/metrics` for all. */
export interface Demo {
  readonly metricsUrl: string;
  /** Runs a fixed set of jobs; the agents have ended when it resolves. */
  runOnce(): Promise<Figures>;
  /** Keeps the agents busy until it is stopped. */
  runOn(): Promise<void>;
  /** Ends every process by its pid and removes everything. May be called again. */
  stop(): Promise<void>;
}

/** @param createView - called with the address of the metrics once there is one. */
export async function startDemo(createView: (metricsUrl: string) => View): Promise<Demo> {
  const startedMs = performance.now();
  const elapsedMs = (): number => performance.now() - startedMs;
  const stopping = new AbortController();
  const runDir = await mkdtemp(join(tmpdir(), "tollgate-demo-"));
  const provider = await startFakeProvider({ respond: replyTo });
  const scraper = createScraper(runDir);
  const server = await startMetricsServer(async () => {
    await scraper.poll();
    return formatPrometheusText(mergeScrapes(scraper.scrapes()));
  });
  const view = createView(server.url);
  const findThrottled = createThrottleWatch();
  const events: DemoEvent[] = [];
  const agents: readonly AgentProcess[] = AGENTS.map((spec) =>
    startAgent(spec, {
      openaiBaseUrl: provider.openaiBaseUrl,
      anthropicBaseUrl: provider.url,
      runDir,
    }),
  );

  function report(agent: string, kind: DemoEvent["kind"], text: string): void {
    const event = { elapsedMs: elapsedMs(), agent, kind, text };
    events.push(event);
    if (events.length > EVENTS_KEPT) events.shift();
    view.event(event);
  }
  const onEnd: JobEnd = (agent, kind, text) => {
    // Whoever stops the demo knows why jobs fail from then on.
    if (!stopping.signal.aborted) report(agent, kind, text);
  };

  async function look(): Promise<Figures> {
    await scraper.poll();
    const scrapes = scraper.scrapes();
    for (const { agent, calls, waitedSeconds } of findThrottled(figuresOfEach(scrapes))) {
      const times = calls === 1 ? "" : `${calls} calls, `;
      report(agent, "throttled", `${times}waited ${waitedSeconds.toFixed(1)} s for its budget`);
    }
    const figures = readFigures(mergeScrapes(scrapes));
    const state: DemoState = { elapsedMs: elapsedMs(), metricsUrl: server.url, figures, events };
    view.update(state);
    return figures;
  }

  async function keepLooking(until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      /* oxlint-disable no-await-in-loop -- a steady pace */
      await look();
      await wait(REDRAW_MS, undefined, { signal: until }).catch(() => undefined);
      /* oxlint-enable no-await-in-loop */
    }
  }

  async function whileLooking(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const done = new AbortController();
    const signal = AbortSignal.any([done.signal, stopping.signal]);
    const looking = keepLooking(signal);
    try {
      await Promise.race([work(signal), looking]);
    } finally {
      done.abort();
      await looking;
    }
  }

  /** The last figures: taken when no call holds anything any more. */
  async function settledFigures(): Promise<Figures> {
    const deadlineMs = elapsedMs() + SETTLE_LIMIT_MS;
    /* oxlint-disable no-await-in-loop -- polling */
    let figures = await look();
    while (figures.callsUnderWay && elapsedMs() < deadlineMs) {
      await wait(50);
      figures = await look();
    }
    /* oxlint-enable no-await-in-loop */
    return figures;
  }

  async function end(): Promise<void> {
    stopping.abort();
    view.close();
    await Promise.all(agents.map((agent) => agent.kill()));
    await Promise.all([provider.close(), server.close()]);
    await rm(runDir, { recursive: true, force: true });
  }
  let ending: Promise<void> | undefined;

  return {
    metricsUrl: server.url,
    async runOnce() {
      await whileLooking(() => runFixedJobs(agents, onEnd));
      const figures = await settledFigures();
      await Promise.all(agents.map((agent) => agent.finish()));
      view.close();
      return figures;
    },
    runOn: () => whileLooking((signal) => trickleJobs(agents, onEnd, signal)),
    stop: () => (ending ??= end()),
  };
}

function figuresOfEach(
  scrapes: ReadonlyMap<string, readonly PrometheusFamily[]>,
): ReadonlyMap<string, Figures> {
  return new Map([...scrapes].map(([instance, families]) => [instance, readFigures(families)]));
}
