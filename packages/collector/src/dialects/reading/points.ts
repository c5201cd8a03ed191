import type { TokenUsage } from "@tollgate/core";
import type { AttributeValue, PointRecord } from "../../otlp/records.ts";
import type { Sighting } from "../dialect.ts";
import { readText } from "./attribute-values.ts";
import { factsIn, type FactNames } from "./facts.ts";
import { operationOf } from "./operations.ts";
import { canonicalProvider } from "./providers.ts";

/** What one token of a kind is, in our convention. */
export type TokenKind = (tokens: number) => TokenUsage;

const NONE: TokenUsage = { inputTokens: 0, outputTokens: 0 };

/** The kinds that senders count apart from each other, so that each of their points stands alone. */
export const TOKEN_KINDS: Readonly<
  Record<"input" | "output" | "cacheRead" | "cacheWrite" | "reasoning" | "toolUse", TokenKind>
> = {
  input: (tokens) => ({ ...NONE, inputTokens: tokens }),
  output: (tokens) => ({ ...NONE, outputTokens: tokens }),
  cacheRead: (tokens) => ({
    ...NONE,
    inputTokens: tokens,
    cacheReadTokens: tokens,
  }),
  cacheWrite: (tokens) => ({
    ...NONE,
    inputTokens: tokens,
    cacheWriteTokens: tokens,
  }),
  reasoning: (tokens) => ({
    ...NONE,
    outputTokens: tokens,
    reasoningTokens: tokens,
  }),
  toolUse: (tokens) => ({
    ...NONE,
    inputTokens: tokens,
    toolUseInputTokens: tokens,
  }),
};

/** The kind that an attribute of a point names. */
export function kindIn(
  kinds: Readonly<Record<string, TokenKind>>,
  named: AttributeValue | undefined,
): TokenKind | undefined {
  const name = readText(named);
  return name !== undefined && Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}

/** Tokens that a metric has added up; `undefined` when the amount is none, or of agents and tools. */
export function sightPoint(
  point: PointRecord,
  amount: number,
  { names, kind, provider }: { names: FactNames; kind: TokenKind | undefined; provider?: string },
): Sighting | undefined {
  const tokens = Math.round(amount);
  if (kind === undefined || !Number.isSafeInteger(tokens) || tokens <= 0) return undefined;
  const facts = factsIn(point.attributes, names);
  const named = facts("operation", readText);
  const operation = named === undefined ? "chat" : operationOf(named);
  if (operation === undefined) return undefined;
  const [session, user, agent] = [
    facts("session", readText),
    facts("user", readText),
    facts("agent", readText),
  ];
  return {
    addedUp: true,
    sender: facts("sender", readText),
    provider: facts("provider", canonicalProvider) ?? provider,
    operation: operation === "unknown" ? "chat" : operation,
    requestModel: facts("requestModel", readText),
    responseModel: facts("responseModel", readText),
    responseId: undefined,
    usage: kind(tokens),
    timeMs: point.timeMs,
    durationMs: undefined,
    streaming: false,
    outcome: "ok",
    attribution: { session, user, agent },
  };
}
