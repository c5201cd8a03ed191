import { currentRun, type Attribution, type GenAiOperation } from "@tollgate/core";

/** Operations that a model answers with text: the turns of an agent. */
const INFERENCE: ReadonlySet<GenAiOperation> = new Set([
  "chat",
  "text_completion",
  "generate_content",
]);

/** What counting needs to know of a call. */
export interface CountedCall {
  readonly operation: GenAiOperation;
  /** Above 0 for a client's retry, which is part of the call it repeats. */
  readonly resendCount: number | undefined;
}

/**
 * Gives a call inside an agent the number of its turn, unless the app has said one. What a tool calls
 * belongs to the turn that runs the tool.
 */
export function numberTurn(attribution: Attribution, call: CountedCall): Attribution {
  const run = currentRun();
  if (run?.agent === undefined || !INFERENCE.has(call.operation)) return attribution;
  if (!run.inTool && !call.resendCount) run.agent.iterations += 1;
  const { iterations } = run.agent;
  if (attribution.iteration !== undefined || iterations === 0) return attribution;
  return { ...attribution, iteration: iterations };
}

/** Counts a call that leaves; a refused one never does. */
export function countInference({ operation, resendCount }: CountedCall): void {
  const agent = currentRun()?.agent;
  if (agent !== undefined && !resendCount && INFERENCE.has(operation)) agent.inferenceCalls += 1;
}
