import type { AttributionKey } from "../attribution.ts";

/**
 * Span and metric attribute names.
 *
 * `gen_ai.*` follow the OpenTelemetry GenAI conventions, which are not in the npm package of the
 * general conventions: open-telemetry/semantic-conventions-genai, docs/gen-ai/client-inference.md at
 * commit 024a4f944a1291fcb627c9c47da69e79868dd15e. `gen_ai.usage.cost.*` is a draft there.
 */
export const ATTR_OPERATION_NAME = "gen_ai.operation.name";
export const ATTR_PROVIDER_NAME = "gen_ai.provider.name";
export const ATTR_REQUEST_MODEL = "gen_ai.request.model";
export const ATTR_REQUEST_STREAM = "gen_ai.request.stream";
export const ATTR_REQUEST_MAX_TOKENS = "gen_ai.request.max_tokens";
export const ATTR_REQUEST_CHOICE_COUNT = "gen_ai.request.choice.count";
export const ATTR_RESPONSE_ID = "gen_ai.response.id";
export const ATTR_RESPONSE_MODEL = "gen_ai.response.model";
export const ATTR_RESPONSE_FINISH_REASONS = "gen_ai.response.finish_reasons";
export const ATTR_RESPONSE_TIME_TO_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk";
export const ATTR_USAGE_INPUT_TOKENS = "gen_ai.usage.input_tokens";
export const ATTR_USAGE_OUTPUT_TOKENS = "gen_ai.usage.output_tokens";
export const ATTR_USAGE_CACHE_READ_INPUT_TOKENS = "gen_ai.usage.cache_read.input_tokens";
export const ATTR_USAGE_CACHE_WRITE_INPUT_TOKENS = "gen_ai.usage.cache_write.input_tokens";
export const ATTR_USAGE_REASONING_OUTPUT_TOKENS = "gen_ai.usage.reasoning.output_tokens";
export const ATTR_USAGE_COST_AMOUNT = "gen_ai.usage.cost.amount";
export const ATTR_USAGE_COST_CURRENCY = "gen_ai.usage.cost.currency";
export const ATTR_USAGE_COST_SOURCE = "gen_ai.usage.cost.source";
export const ATTR_TOKEN_MODALITY = "gen_ai.token.modality";

/** Content, recorded only where somebody asks for it. */
export const ATTR_INPUT_MESSAGES = "gen_ai.input.messages";
export const ATTR_OUTPUT_MESSAGES = "gen_ai.output.messages";
export const ATTR_SYSTEM_INSTRUCTIONS = "gen_ai.system_instructions";
export const ATTR_TOOL_DEFINITIONS = "gen_ai.tool.definitions";
export const ATTR_TOOL_CALL_ARGUMENTS = "gen_ai.tool.call.arguments";
export const ATTR_TOOL_CALL_RESULT = "gen_ai.tool.call.result";
/** Name of the event that carries content instead of a span, or as well. */
export const EVENT_INFERENCE_DETAILS = "gen_ai.client.inference.operation.details";
export const ATTR_CONVERSATION_ID = "gen_ai.conversation.id";

/**
 * Agents, tools and workflows: docs/gen-ai/gen-ai-agent-spans.md there, at commit
 * 002c8a6ea1c8a42b14a4527db83b3cabcded610a.
 */
export const ATTR_AGENT_ID = "gen_ai.agent.id";
export const ATTR_AGENT_NAME = "gen_ai.agent.name";
export const ATTR_AGENT_DESCRIPTION = "gen_ai.agent.description";
export const ATTR_AGENT_VERSION = "gen_ai.agent.version";
export const ATTR_TOOL_NAME = "gen_ai.tool.name";
export const ATTR_TOOL_TYPE = "gen_ai.tool.type";
export const ATTR_TOOL_CALL_ID = "gen_ai.tool.call.id";
export const ATTR_TOOL_DESCRIPTION = "gen_ai.tool.description";
/** Of low cardinality: what kind of work it is, never an id. */
export const ATTR_WORKFLOW_NAME = "gen_ai.workflow.name";

/** General conventions, stable: @opentelemetry/semantic-conventions. */
export const ATTR_ERROR_TYPE = "error.type";
export const ATTR_SERVER_ADDRESS = "server.address";
export const ATTR_SERVER_PORT = "server.port";
export const ATTR_HTTP_RESPONSE_STATUS_CODE = "http.response.status_code";
export const ATTR_HTTP_REQUEST_RESEND_COUNT = "http.request.resend_count";

/** Ours, where no convention exists. */
export const ATTR_ORGANIZATION = "tollgate.organization";
export const ATTR_PROJECT = "tollgate.project";
export const ATTR_AGENT = "tollgate.agent";

/** The attribute, and the baggage key, of each name in an attribution. */
export const ATTRIBUTION_ATTRIBUTES: Readonly<Record<AttributionKey, string>> = {
  organization: ATTR_ORGANIZATION,
  project: ATTR_PROJECT,
  task: "tollgate.task",
  agent: ATTR_AGENT,
  checkpoint: "tollgate.checkpoint",
  session: "tollgate.session",
  user: "tollgate.user",
  workstream: "tollgate.workstream",
  repository: "tollgate.repository",
  commit: "tollgate.commit",
  release: "tollgate.release",
};
/** What our baggage keys begin with. */
export const BAGGAGE_PREFIX = "tollgate.";
export const ATTR_ITERATION = "tollgate.iteration";
/** Prefix of free tags: `tollgate.tag.<name>`. */
export const ATTR_TAG_PREFIX = "tollgate.tag.";
/** Unique per physical attempt; also the id of its budget lease. */
export const ATTR_CALL_ID = "tollgate.call.id";
/** True when usage was estimated because the provider did not say. */
export const ATTR_USAGE_ESTIMATED = "tollgate.usage.estimated";
/** The attributes of which something was cut off. */
export const ATTR_CONTENT_TRUNCATED = "tollgate.content.truncated";
/** Names of the functions the model asked for. */
export const ATTR_TOOL_CALLS = "tollgate.tool_calls";
export const ATTR_COST_TYPE = "tollgate.cost.type";
export const ATTR_OUTCOME = "tollgate.outcome";
/** What a request to the collector brought: `traces`, `logs` or `metrics`. */
export const ATTR_COLLECTOR_SIGNAL = "tollgate.collector.signal";
/** How it came, spelled as in `OTEL_EXPORTER_OTLP_PROTOCOL`: `grpc`, `http/protobuf` or `http/json`. */
export const ATTR_COLLECTOR_PROTOCOL = "tollgate.collector.protocol";
export const ATTR_BUDGET = "tollgate.budget";
export const ATTR_BUDGET_SCOPE = "tollgate.budget.scope";
export const ATTR_BUDGET_ACTION = "tollgate.budget.action";
export const ATTR_BUDGET_REASON = "tollgate.budget.reason";
export const ATTR_BUDGET_THRESHOLD = "tollgate.budget.threshold";
/** Random, new with every start of a process. */
export const ATTR_PROCESS_ID = "tollgate.process.id";
/** `input` or `output`. */
export const ATTR_TOKEN_TYPE = "tollgate.token.type";
/** True on the series that takes what the caps on series left over, as in the OTel SDKs. */
export const ATTR_OVERFLOW = "otel.metric.overflow";
