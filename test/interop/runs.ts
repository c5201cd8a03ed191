import { CODING_AGENTS } from "./agents.ts";
import type { SenderReport } from "./report.ts";
import { runAgent } from "./run-agent.ts";
import { runOtelcolBehind } from "./run-otelcol-behind.ts";
import { runOtelcolBefore } from "./run-otelcol-before.ts";
import { runPythonSender } from "./run-python-sender.ts";
import { PYTHON_SENDERS } from "./senders.ts";

export interface InteropRun {
  readonly name: string;
  start(): Promise<SenderReport>;
}

/** Everything that `pnpm interop` does, in its order. */
export function allRuns(): readonly InteropRun[] {
  return [
    ...PYTHON_SENDERS.flatMap((sender) =>
      (["http", "grpc"] as const).map((protocol) => ({
        name: sender.name,
        start: () => runPythonSender(sender, protocol),
      })),
    ),
    ...(["otlp", "otlphttp", "both"] as const).map((onward) => ({
      name: "otelcol-before",
      start: () => runOtelcolBefore(onward),
    })),
    { name: "otelcol-behind", start: runOtelcolBehind },
    ...CODING_AGENTS.map((agent) => ({ name: agent.name, start: () => runAgent(agent) })),
  ];
}
