import type { Origin } from "../otlp/records.ts";
import type { Dialect } from "./dialect.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { keyOfLog, MADE_ERROR, MADE_KEY } from "./reading/made.ts";
import { nameError } from "./reading/outcome.ts";
import { kindIn, sightPoint, TOKEN_KINDS, type TokenKind } from "./reading/points.ts";
import { ATTR_EVENT_NAME, eventOf, serviceOf } from "./reading/sent-by.ts";
import { sightLog, withAttributes } from "./reading/sight.ts";

const PREFIX = "gemini_cli.";
const SESSION = "session.id";
const AUTH = "auth_type";
const PROMPT = "prompt_id";
const TIMESTAMP = "event.timestamp";
const STATUS = "status_code";
const TYPE = "type";
const TOKENS = "gemini_cli.token.usage";

/** A prompt may take several calls. */
const TOLD_APART = [PROMPT, TIMESTAMP, "output_token_count"];

const NAMES: FactNames = {
  requestModel: ["model", "model_name"],
  inputTokens: ["input_token_count"],
  outputTokens: ["output_token_count"],
  cacheReadTokens: ["cached_content_token_count"],
  reasoningTokens: ["thoughts_token_count"],
  toolUseInputTokens: ["tool_token_count"],
  durationMs: ["duration_ms"],
  finishReasons: ["finish_reasons"],
  errorType: ["error.type", "error_type"],
  sender: [SESSION],
  session: [SESSION],
  user: ["user.email"],
};

/** Cached tokens are a part of the input here, and so no kind of their own. */
const KINDS: Readonly<Record<string, TokenKind>> = {
  input: TOKEN_KINDS.input,
  output: TOKEN_KINDS.output,
  thought: TOKEN_KINDS.reasoning,
  tool: TOKEN_KINDS.toolUse,
};

/** Google's coding agent. */
export const geminiCli: Dialect = {
  id: "gemini-cli",
  about: {
    title: "Gemini CLI",
    senders:
      "@google/gemini-cli 0.61.0 (run 2026-11-29 by `pnpm interop`; `dist/src/telemetry/types.js`, `metrics.js` of its core).",
    evidence: "run",
    fields: [
      { source: "event `gemini_cli.api_response`, `gemini_cli.api_error`", becomes: "one call" },
      { source: "metric `gemini_cli.token.usage` by `type`", becomes: "tokens without calls" },
      ...fieldsOf(NAMES),
      {
        source: `\`${AUTH}\` = \`vertex-ai\``,
        becomes: "provider `gcp.vertex_ai`, else `gcp.gemini`",
      },
    ],
    counts:
      "Events, else the metric of tokens. Its `gen_ai.*` events, spans and metrics repeat them, without cache and thoughts, and are not read.",
    limits: [
      "Thoughts and the prompts of tools are apart from output and input, as in Google's API, and are added.",
      "It writes 0 for what Google did not say.",
    ],
  },
  reads: {
    names: [...namesOf(NAMES), ATTR_EVENT_NAME, AUTH, PROMPT, TIMESTAMP, STATUS, TYPE],
  },
  claimsSpan: ({ origin }) => isGeminiCli(origin),
  claimsLog: (log) => isGeminiCli(log.origin) || eventOf(log).startsWith(PREFIX),
  readLog(log) {
    const event = eventOf(log);
    if (event !== "gemini_cli.api_response" && event !== "gemini_cli.api_error") return undefined;
    const told = withAttributes(log, {
      [MADE_KEY]: keyOfLog(log, SESSION, TOLD_APART),
      [MADE_ERROR]:
        event === "gemini_cli.api_error" ? nameError(log.attributes[STATUS]) : undefined,
    });
    return sightLog(told, {
      names: {
        ...NAMES,
        key: [MADE_KEY],
        errorType: [...(NAMES.errorType ?? []), MADE_ERROR],
      },
      provider: providerOf(log.attributes[AUTH]),
      counting: { cache: "within", reasoning: "apart" },
    });
  },
  claimsPoint: ({ metric, origin }) => isGeminiCli(origin) || metric.startsWith(PREFIX),
  readPoint(point, amount) {
    if (point.metric !== TOKENS) return undefined;
    return sightPoint(point, amount, {
      names: NAMES,
      kind: kindIn(KINDS, point.attributes[TYPE]),
      provider: providerOf(point.attributes[AUTH]),
    });
  },
  prefers: ["logs", "metrics"],
};

function isGeminiCli(origin: Origin): boolean {
  return serviceOf(origin) === "gemini-cli" || origin.scopeName === "gemini-cli";
}

function providerOf(auth: unknown): string {
  return auth === "vertex-ai" ? "gcp.vertex_ai" : "gcp.gemini";
}
