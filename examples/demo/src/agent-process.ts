import { fileURLToPath } from "node:url";
import { runNode } from "@tollgate/testkit";
import { ORGANIZATION, type AgentSpec } from "./agents.ts";

/** What an agent printed for a job. */
export type JobResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly status: number | undefined; readonly error: string };

export interface AgentProcess {
  readonly spec: AgentSpec;
  /** Jobs given and not answered. */
  readonly openJobs: number;
  /** Rejects when the process ends without an answer. */
  run(topic: string): Promise<JobResult>;
  /** Lets the process come to its end; rejects when that end is not a good one. */
  finish(): Promise<void>;
  /** Ends it by pid and waits until it is gone. */
  kill(): Promise<void>;
}

export interface AgentSurroundings {
  readonly openaiBaseUrl: string;
  readonly anthropicBaseUrl: string;
  readonly runDir: string;
}

const DEMO_FOLDER = fileURLToPath(new URL("..", import.meta.url));
const KILL_GRACE_MS = 2_000;

/** Settings of the machine that would make the demo something else: keys, exporters, proxies. */
const FOREIGN_VARIABLE = /^(?:OPENAI_|ANTHROPIC_|OTEL_|TOLLGATE_)|_PROXY$/i;

/** Starts an agent that knows nothing of Tollgate, with Tollgate in front of it. */
export function startAgent(spec: AgentSpec, surroundings: AgentSurroundings): AgentProcess {
  const child = runNode({
    script: spec.script,
    nodeArgs: [...process.execArgv, "--import", "@tollgate/node/register"],
    cwd: DEMO_FOLDER,
    ownGroup: true,
    env: { ...withoutForeign(), ...agentEnvironment(spec, surroundings) },
  });
  const open = new Map<number, PromiseWithResolvers<JobResult>>();
  let jobs = 0;
  let ended: Error | undefined;
  child.onLine((line) => {
    const answer = parseResult(line);
    if (!answer) return;
    open.get(answer.id)?.resolve(answer.result);
    open.delete(answer.id);
  });
  const exited = child.exited.then((exit) => {
    ended = new Error(
      `${spec.agent} ended (${exit.code ?? exit.signal}): ${exit.stderr.trim() || "without a word"}`,
    );
    for (const job of open.values()) job.reject(ended);
    open.clear();
    return exit.code === 0 ? undefined : ended;
  });

  return {
    spec,
    get openJobs() {
      return open.size;
    },
    run(topic) {
      if (ended) return Promise.reject(ended);
      const id = ++jobs;
      const job = Promise.withResolvers<JobResult>();
      open.set(id, job);
      child.write(`${JSON.stringify({ id, topic })}\n`);
      return job.promise;
    },
    async finish() {
      child.endInput();
      const error = await exited;
      if (error) throw error;
    },
    async kill() {
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), KILL_GRACE_MS);
      await exited;
      clearTimeout(late);
    },
  };
}

function agentEnvironment(
  { agent, project }: AgentSpec,
  { openaiBaseUrl, anthropicBaseUrl, runDir }: AgentSurroundings,
): Record<string, string> {
  return {
    OPENAI_BASE_URL: openaiBaseUrl,
    OPENAI_API_KEY: "demo",
    ANTHROPIC_BASE_URL: anthropicBaseUrl,
    ANTHROPIC_API_KEY: "demo",
    TOLLGATE_CONFIG: fileURLToPath(new URL("../tollgate.yaml", import.meta.url)),
    TOLLGATE_ORGANIZATION: ORGANIZATION,
    TOLLGATE_PROJECT: project,
    TOLLGATE_AGENT: agent,
    TOLLGATE_RUN_DIR: runDir,
    OTEL_SERVICE_NAME: agent,
    OTEL_EXPORTER_PROMETHEUS_PORT: "0",
  };
}

function withoutForeign(): Record<string, undefined> {
  const foreign = Object.keys(process.env).filter((name) => FOREIGN_VARIABLE.test(name));
  return Object.fromEntries(foreign.map((name) => [name, undefined]));
}

/** @returns `undefined` for a line that is no job's result. */
export function parseResult(line: string): { id: number; result: JobResult } | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  if (!("id" in parsed && "ok" in parsed) || typeof parsed.id !== "number") return undefined;
  if (parsed.ok === true) return { id: parsed.id, result: { ok: true } };
  const status =
    "status" in parsed && typeof parsed.status === "number" ? parsed.status : undefined;
  const error = "error" in parsed && typeof parsed.error === "string" ? parsed.error : "no reason";
  return { id: parsed.id, result: { ok: false, status, error } };
}
