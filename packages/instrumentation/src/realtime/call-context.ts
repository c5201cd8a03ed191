import {
  currentAttribution,
  currentRun,
  mergeAttribution,
  withAttribution,
  withRun,
} from "@tollgate/core";
import { context, trace } from "@opentelemetry/api";

/** Runs something where a call was made, and says who pays for it. */
export type Within = <Result>(fn: () => Result) => Result;

/**
 * Remembers where a socket was constructed. What the sender of an event says is laid over it; events of
 * the server have no sender, so they belong to the place of construction alone.
 */
export function rememberPlace(): { readonly bySender: Within; readonly byServer: Within } {
  const attribution = currentAttribution();
  const run = currentRun();
  const opened = context.active();

  const inRun: Within = (fn) => (run === undefined ? fn() : withRun(run, fn));
  const inAttribution: Within = (fn) =>
    attribution === undefined ? fn() : withAttribution(attribution, fn);

  return {
    byServer: (fn) => context.with(opened, () => inRun(() => inAttribution(fn))),
    bySender(fn) {
      const merged = mergeAttribution(attribution, currentAttribution());
      const charged = (): ReturnType<typeof fn> => withAttribution(merged, fn);
      const running = currentRun() === undefined ? () => inRun(charged) : charged;
      return trace.getSpan(context.active()) === undefined
        ? context.with(opened, running)
        : running();
    },
  };
}
