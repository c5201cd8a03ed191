import {
  currentAttribution,
  systemClock,
  type Attribution,
  type Clock,
  type Run,
} from "@tollgate/core";
import { createRunMetering } from "@tollgate/metering";
import type { Meter, Tracer } from "@opentelemetry/api";
import { createContentCapture } from "../content/content-capture.ts";
import type { ToolContent } from "../content/tool-content.ts";
import { createGlobalTelemetry } from "../fetch/telemetry-source.ts";
import { processWideMap } from "./process-wide.ts";

/** Where runs of agents, tools and tasks are told. */
export interface RunHost {
  readonly clock: Clock;
  /** `undefined`: no span. */
  tracer(): Tracer | undefined;
  /** Who pays for what is done here and now. */
  attribution(): Attribution;
  record(run: Run): void;
  /** Only where content is recorded. */
  readonly toolContent?: ToolContent | undefined;
}

const hosts = processWideMap<RunHost[]>(Symbol.for("tollgate.run-hosts.v1"));

/** All hosts of the process, the one in charge last. */
function hostsOfProcess(): RunHost[] {
  let list = hosts.get(globalThis);
  if (list === undefined) {
    list = [];
    hosts.set(globalThis, list);
  }
  return list;
}

/** Puts a host in charge of all runs of the process. @returns a function that ends it. */
export function adoptRuns(host: RunHost): () => void {
  const list = hostsOfProcess();
  list.push(host);
  return () => {
    const index = list.indexOf(host);
    if (index >= 0) list.splice(index, 1);
  };
}

let fallback: RunHost | undefined;

/** The host in charge; where nothing meters the process, the app's own OpenTelemetry providers. */
export function currentHost(): RunHost {
  return hostsOfProcess().at(-1) ?? (fallback ??= createGlobalHost());
}

function createGlobalHost(): RunHost {
  const telemetry = createGlobalTelemetry();
  const metering = createRunMetering();
  let bound: Meter | undefined;
  let unbind: (() => void) | undefined;
  return {
    clock: systemClock,
    tracer: telemetry.tracer,
    attribution: () => currentAttribution() ?? {},
    toolContent: createContentCapture({})?.tools,
    record(run) {
      const meter = telemetry.meter();
      if (meter !== undefined && meter !== bound) {
        unbind?.();
        bound = meter;
        unbind = metering.bind(meter);
      }
      metering.record(run);
    },
  };
}
