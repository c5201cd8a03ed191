import { setTimeout as wait } from "node:timers/promises";
import type { AgentProcess, JobResult } from "./agent-process.ts";
import { topicOf } from "./agents.ts";

const TRICKLE_MS = 600;
const OPEN_JOBS_MAX = 2;
/** A refusal of Tollgate; the status is all that an app needs to know. */
const REFUSED_STATUS = 402;

export type JobEnd = (agent: string, kind: "done" | "refused" | "failed", text: string) => void;

/** Gives every agent its fixed set of jobs, one after the other, all agents at once. */
export async function runFixedJobs(agents: readonly AgentProcess[], onEnd: JobEnd): Promise<void> {
  await Promise.all(
    agents.map(async (agent) => {
      for (let number = 0; number < agent.spec.onceJobs; number++) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await runJob(agent, number, onEnd);
      }
    }),
  );
}

/** Gives the agents jobs in turn until the signal aborts; rejects when an agent is gone. */
export async function trickleJobs(
  agents: readonly AgentProcess[],
  onEnd: JobEnd,
  signal: AbortSignal,
): Promise<void> {
  const failed = Promise.withResolvers<never>();
  const trickle = async (): Promise<void> => {
    for (let number = 0; !signal.aborted; number++) {
      const agent = agents[number % agents.length];
      if (agent && agent.openJobs < OPEN_JOBS_MAX) {
        runJob(agent, number, onEnd).catch(failed.reject);
      }
      // oxlint-disable-next-line no-await-in-loop -- a steady pace
      await wait(TRICKLE_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  await Promise.race([trickle(), failed.promise]);
}

async function runJob(agent: AgentProcess, number: number, onEnd: JobEnd): Promise<void> {
  const topic = topicOf(number);
  const result = await agent.run(topic);
  onEnd(agent.spec.agent, ...describe(result, topic));
}

function describe(result: JobResult, topic: string): ["done" | "refused" | "failed", string] {
  if (result.ok) return ["done", topic];
  return [result.status === REFUSED_STATUS ? "refused" : "failed", result.error];
}
