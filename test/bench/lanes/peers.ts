import { OpenAIInstrumentation as OfficialInstrumentation } from "@opentelemetry/instrumentation-openai";
import { OpenAIInstrumentation as TraceloopInstrumentation } from "@traceloop/instrumentation-openai";
import type { OpenAiCopy } from "./openai-copy.ts";
import type { LaneTelemetry } from "./telemetry.ts";

type PeerInstrumentation = OfficialInstrumentation | TraceloopInstrumentation;

export interface Peer {
  readonly name: string;
  /** Content capture is off in all. */
  create(): PeerInstrumentation;
}

export const PEERS: readonly Peer[] = [
  {
    name: "@opentelemetry/instrumentation-openai",
    create: () => new OfficialInstrumentation({ enabled: false, captureMessageContent: false }),
  },
  {
    name: "@traceloop/instrumentation-openai",
    create: () => new TraceloopInstrumentation({ enabled: false, traceContent: false }),
  },
];

/**
 * Lets a peer patch one copy of the client with its own module patch, as its require hook would. The
 * hook itself stays off: it would patch the copies of all lanes that are loaded later.
 *
 * @returns the peer's version.
 */
export function patchWith(peer: Peer, copy: OpenAiCopy, telemetry: LaneTelemetry): string {
  const instrumentation = peer.create();
  instrumentation.setTracerProvider(telemetry.tracerProvider);
  instrumentation.setMeterProvider(telemetry.meterProvider);
  const [definition] = instrumentation.getModuleDefinitions();
  if (definition?.patch === undefined) throw new Error(`${peer.name} has no patch for openai`);
  definition.patch(copy.module, copy.version);
  // Patched methods ask this; enable() would set the hook.
  instrumentation.isEnabled = () => true;
  return instrumentation.instrumentationVersion;
}
