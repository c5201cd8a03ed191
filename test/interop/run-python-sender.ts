import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFakeProvider } from "@tollgate/testkit";
import { readBooked, readSummary } from "./booked-calls.ts";
import { compareCalls } from "./compare-calls.ts";
import { compareSums } from "./compare-sums.ts";
import { pythonEnvironment, versionsOf } from "./python-environment.ts";
import type { SenderReport } from "./report.ts";
import { projectOf, runApp, type Protocol } from "./run-app.ts";
import { answerOf, providerCall } from "./scenarios.ts";
import type { PythonSender } from "./senders.ts";
import { createCollectorHome } from "./start-collector-process.ts";

/** One sender over one protocol, straight into a collector of its own. */
export async function runPythonSender(
  sender: PythonSender,
  protocol: Protocol,
): Promise<SenderReport> {
  const head = {
    name: sender.name,
    title: sender.title,
    over: OVER[protocol],
    versions: await versionsOf(sender),
  };
  const environment = await pythonEnvironment(sender.name);
  if ("unreachable" in environment) return { ...head, unreachable: environment.unreachable };
  const folder = await mkdtemp(join(tmpdir(), "tollgate-interop-app-"));
  const provider = await startFakeProvider({ respond: answerOf });
  const home = await createCollectorHome();
  const collector = await home.start();
  try {
    const endpoint = protocol === "http" ? collector.url : `http://127.0.0.1:${collector.grpcPort}`;
    const { python } = environment;
    const run = await runApp({ python, sender, provider, protocol, endpoint, folder });
    const booked = await readBooked(collector.url, () => true);
    const calls = provider.requests.map(providerCall);
    const compared = {
      ...run,
      provider: calls,
      booked,
      project: projectOf(sender),
      dialects: sender.dialects,
    };
    return {
      ...head,
      calls,
      booked,
      findings: [
        ...compareCalls(compared),
        ...compareSums(booked, await readSummary(collector.url)),
      ],
    };
  } finally {
    await collector.end();
    await provider.close();
    await home.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

const OVER: Readonly<Record<Protocol, string>> = { http: "HTTP", grpc: "gRPC" };
