import {
  currentRun,
  type AgentCounts,
  type AgentRun,
  type Attribution,
  type Run,
  type TaskRun,
  type ToolRun,
} from "@tollgate/core";
import type { Attributes } from "@opentelemetry/api";
import * as names from "@tollgate/core/semconv";
import { traceRun } from "./trace-run.ts";

interface RunOptions<Ended extends Run> {
  /** Also charged to what is done inside, such as `{ session, user }`. */
  readonly attribution?: Attribution | undefined;
  /** Hears how it ended. What it throws goes to OpenTelemetry's `diag`. */
  readonly onEnd?: ((run: Ended) => void) | undefined;
}

export interface AgentOptions extends RunOptions<AgentRun> {
  /** `gen_ai.agent.id`, where the agent has one besides its name. */
  readonly id?: string | undefined;
  /** `gen_ai.agent.version`. */
  readonly version?: string | undefined;
  /** `gen_ai.agent.description`. */
  readonly description?: string | undefined;
}

export interface ToolOptions extends RunOptions<ToolRun> {
  /** `gen_ai.tool.type`. */
  readonly type?: "function" | "extension" | "datastore" | undefined;
  /** `gen_ai.tool.call.id`: the id that the model gave its wish for the tool. */
  readonly callId?: string | undefined;
  /**
   * What the tool is called with. Recorded, as is what `fn` gives, only where content is.
   */
  readonly arguments?: unknown;
  /** `gen_ai.tool.description`. */
  readonly description?: string | undefined;
}

export interface TaskOptions extends RunOptions<TaskRun> {
  /** What kind of task it is, one of few: `gen_ai.workflow.name`, and the span's name. */
  readonly workflow?: string | undefined;
}

/**
 * Runs `fn` as one invocation of an agent.
 *
 * Every call made inside, however deep and asynchronous, is charged to the agent, up to the next agent
 * inside, and gets the number of the agent's turn as its `iteration` unless the app said one. Makes an
 * `invoke_agent {name}` span where there is a tracer, and the `gen_ai.invoke_agent.*` metrics. Works
 * without any OpenTelemetry SDK.
 *
 * The invocation ends when `fn` returns or throws; when it returns a promise or an async iterable, with
 * that.
 *
 * @param name - one of few: it is a metric label.
 * @returns what `fn` returns; in place of a plain promise one with the same outcome.
 * @throws what `fn` throws.
 */
export function traceAgent<Result>(
  name: string,
  fn: () => Result,
  options: AgentOptions = {},
): Result {
  const counts: AgentCounts = { iterations: 0, inferenceCalls: 0, toolCalls: 0 };
  return traceRun(
    {
      spanName: `invoke_agent ${name}`,
      attributes: said({
        [names.ATTR_OPERATION_NAME]: "invoke_agent",
        [names.ATTR_AGENT_NAME]: name,
        [names.ATTR_AGENT_ID]: options.id,
        [names.ATTR_AGENT_VERSION]: options.version,
        [names.ATTR_AGENT_DESCRIPTION]: options.description,
      }),
      attribution: { ...options.attribution, agent: name },
      scope: { agent: counts, inTool: false },
      describe: (ended): AgentRun => ({
        ...ended,
        kind: "agent",
        name,
        inferenceCalls: counts.inferenceCalls,
        toolCalls: counts.toolCalls,
      }),
      onEnd: options.onEnd,
    },
    fn,
  );
}

/**
 * Runs `fn` as one execution of a tool: an `execute_tool {name}` span, `gen_ai.execute_tool.duration`,
 * and one tool call of the agent around it. What the tool itself asks of models is charged to that
 * agent, in the turn that runs the tool.
 *
 * @param name - one of few: it is a metric label.
 * @returns what `fn` returns; in place of a plain promise one with the same outcome.
 * @throws what `fn` throws.
 */
export function traceTool<Result>(
  name: string,
  fn: () => Result,
  options: ToolOptions = {},
): Result {
  const agent = currentRun()?.agent;
  if (agent !== undefined) agent.toolCalls += 1;
  return traceRun(
    {
      spanName: `execute_tool ${name}`,
      attributes: said({
        [names.ATTR_OPERATION_NAME]: "execute_tool",
        [names.ATTR_TOOL_NAME]: name,
        [names.ATTR_TOOL_TYPE]: options.type,
        [names.ATTR_TOOL_CALL_ID]: options.callId,
        [names.ATTR_TOOL_DESCRIPTION]: options.description,
      }),
      attribution: options.attribution,
      scope: { agent, inTool: true },
      describe: (ended): ToolRun => ({ ...ended, kind: "tool", name, type: options.type }),
      tool: { name, id: options.callId, arguments: options.arguments },
      onEnd: options.onEnd,
    },
    fn,
  );
}

/**
 * Runs `fn` as a task, from its start to its end: every call inside is charged to it, budgets with
 * `each: [task]` count it, and an `invoke_workflow` span with `gen_ai.invoke_workflow.duration` says
 * whether it was completed or failed.
 *
 * The span is named after `options.workflow`, else after the id. `gen_ai.workflow.name` is set for the
 * former only, since the conventions want few values of it; the id is `tollgate.task`.
 *
 * @param id - of this one task, as in a ticket's number. Never a metric label.
 * @returns what `fn` returns; in place of a plain promise one with the same outcome.
 * @throws what `fn` throws.
 */
export function traceTask<Result>(id: string, fn: () => Result, options: TaskOptions = {}): Result {
  const { workflow } = options;
  const outer = currentRun();
  return traceRun(
    {
      spanName: `invoke_workflow ${workflow ?? id}`,
      attributes: said({
        [names.ATTR_OPERATION_NAME]: "invoke_workflow",
        [names.ATTR_WORKFLOW_NAME]: workflow,
      }),
      attribution: { ...options.attribution, task: id },
      scope: { agent: outer?.agent, inTool: outer?.inTool ?? false },
      describe: (ended): TaskRun => ({ ...ended, kind: "task", id, workflow }),
      onEnd: options.onEnd,
    },
    fn,
  );
}

/** OpenTelemetry SDKs warn of attributes that are there and undefined. */
function said(attributes: Readonly<Record<string, string | undefined>>): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
