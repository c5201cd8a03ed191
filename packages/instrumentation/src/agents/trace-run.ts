import {
  context,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
} from "@opentelemetry/api";
import {
  currentRun,
  withAttribution,
  withRun,
  type Attribution,
  type Run,
  type RunOutcome,
  type RunScope,
} from "@tollgate/core";
import { ATTR_ERROR_TYPE } from "@tollgate/core/semconv";
import { attributionAttributes } from "../span/attribution-attributes.ts";
import type { ToolExecution } from "../content/tool-content.ts";
import { guarded } from "../tap/guarded.ts";
import { followResult, type RunningRun } from "./follow-result.ts";
import { classifyRunFailure } from "./run-failure.ts";
import { currentHost, type RunHost } from "./run-host.ts";

/** How a run ended, whatever kind it is. */
export interface Ended {
  readonly attribution: Attribution;
  readonly durationMs: number;
  readonly outcome: RunOutcome;
  readonly errorType: string | undefined;
}

/** What a kind of run does its own way. */
export interface RunKind<Kind extends Run> {
  readonly spanName: string;
  readonly attributes: Attributes;
  /** Laid over the attribution outside. */
  readonly attribution: Attribution | undefined;
  /** What happens inside is part of this; its span is added. */
  readonly scope: Omit<RunScope, "span">;
  describe(ended: Ended): Kind;
  readonly onEnd: ((run: Kind) => void) | undefined;
  /** Of a tool: what it was called with and by what name. */
  readonly tool?: ToolExecution | undefined;
}

/** Runs `fn` as a run of a kind. Calls it once, and gives back or throws what it does. */
export function traceRun<Kind extends Run, Result>(kind: RunKind<Kind>, fn: () => Result): Result {
  const run = guarded("starting a run", () => startRun(kind));
  if (run === undefined) return fn();
  let result: Result;
  try {
    result = run.within(fn);
  } catch (error) {
    run.failed(error);
    throw error;
  }
  const followed = guarded("following a run", () => ({ result: followResult(result, run) }));
  return followed === undefined ? result : followed.result;
}

function startRun<Kind extends Run>(kind: RunKind<Kind>): RunningRun {
  const host = currentHost();
  const inside = <Result>(fn: () => Result): Result =>
    kind.attribution === undefined ? fn() : withAttribution(kind.attribution, fn);
  const attribution = inside(host.attribution);
  const parent = withSpanOfRun(context.active());
  const span = host.tracer()?.startSpan(
    kind.spanName,
    {
      kind: SpanKind.INTERNAL,
      attributes: { ...attributionAttributes(attribution), ...kind.attributes },
    },
    parent,
  );
  const scope: RunScope = { ...kind.scope, span: span?.spanContext() ?? currentRun()?.span };
  const active = span === undefined ? undefined : trace.setSpan(parent, span);
  const record = toolRecorder(host, kind, span);
  const startedAtMs = host.clock.monotonic();
  let ended = false;

  const end = (outcome: RunOutcome, errorType: string | undefined): void => {
    if (ended) return;
    ended = true;
    const durationMs = host.clock.monotonic() - startedAtMs;
    if (span !== undefined) guarded("ending a span", () => endSpan(span, outcome, errorType));
    const run = kind.describe({ attribution, durationMs, outcome, errorType });
    guarded("recording a run", () => host.record(run));
    guarded("the end of a run", () => kind.onEnd?.(run));
  };

  return {
    within: (fn) =>
      inside(() => withRun(scope, () => (active === undefined ? fn() : context.with(active, fn)))),
    completed(value) {
      if (!ended) record?.(value);
      end("completed", undefined);
    },
    failed(error) {
      const failure = guarded("reading an error", () => classifyRunFailure(error));
      end(failure?.outcome ?? "failed", failure?.errorType ?? "Error");
    },
  };
}

/** Records what a tool is called with. @returns a function that records what it gives. */
function toolRecorder(
  { toolContent }: RunHost,
  { tool }: Pick<RunKind<Run>, "tool">,
  span: Span | undefined,
): ((result: unknown) => void) | undefined {
  if (toolContent === undefined || tool === undefined || span === undefined) return undefined;
  toolContent.recordArguments(span, tool);
  return (result) => toolContent.recordResult(span, tool, result);
}

function endSpan(span: Span, outcome: RunOutcome, errorType: string | undefined): void {
  if (errorType !== undefined) span.setAttribute(ATTR_ERROR_TYPE, errorType);
  if (outcome === "failed") span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** Where no context manager follows asynchronous work, our own context does. */
export function withSpanOfRun(active: Context): Context {
  const reference = currentRun()?.span;
  return reference === undefined || trace.getSpan(active) !== undefined
    ? active
    : trace.setSpanContext(active, reference);
}
