import { usdToNanoUsd, type Attribution, type TokenUsage } from "@tollgate/core";
import type { RefType } from "@tollgate/ledger";
import { ATTR_PROVIDER_NAME } from "@tollgate/core/semconv";
import * as z from "zod";

const REF_TYPES: readonly RefType[] = ["task", "workstream", "commit", "release", "session"];
/** More tokens than any call or day's work of an agent has: what is above is a slip, such as a time in place of a count. */
const MOST_TOKENS = 1_000_000_000_000;

const nameSchema = (what: string): z.ZodString => z.string().trim().min(1).max(256).describe(what);
const count = (what: string): z.ZodInt => z.int().min(0).max(MOST_TOKENS).describe(what);

/** What people, scripts and agents report of their own use. */
export interface TokenEventInput {
  readonly id?: string | undefined;
  readonly time?: string | undefined;
  readonly tokens_in?: number | undefined;
  readonly tokens_out?: number | undefined;
  readonly cache_read_tokens?: number | undefined;
  readonly cache_write_tokens?: number | undefined;
  readonly reasoning_tokens?: number | undefined;
  readonly cost_usd?: number | undefined;
  readonly estimated?: boolean | undefined;
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
  readonly task?: string | undefined;
  readonly workstream?: string | undefined;
  readonly repository?: string | undefined;
  readonly agent?: string | undefined;
  readonly session?: string | undefined;
  readonly user?: string | undefined;
  readonly commit?: string | undefined;
  readonly release?: string | undefined;
  readonly ref_type?: RefType | undefined;
  readonly ref_id?: string | undefined;
  readonly note?: string | undefined;
}

/** Unknown keys are refused: a misspelt count must never mean "none". */
export const tokenEventSchema: z.ZodType<TokenEventInput, TokenEventInput> = z
  .strictObject({
    id: nameSchema("Yours; reported again under one id it counts once.").optional(),
    time: z.iso
      .datetime({ offset: true })
      .describe("When it was used, ISO 8601 with an offset. Default: now.")
      .optional(),
    tokens_in: count(
      "All input tokens, those read from or written to a cache included.",
    ).optional(),
    tokens_out: count("All output tokens, reasoning included.").optional(),
    cache_read_tokens: count("Part of tokens_in that a cache served.").optional(),
    cache_write_tokens: count("Part of tokens_in that was written to a cache.").optional(),
    reasoning_tokens: count("Part of tokens_out.").optional(),
    cost_usd: z
      .number()
      .min(0)
      .max(1_000_000)
      .describe("What it cost in US dollars, where that is known. Default: by the model's price.")
      .optional(),
    estimated: z.boolean().describe("True when the counts are a guess. Default: false.").optional(),
    model: nameSchema("The model, as its provider calls it.").optional(),
    provider: nameSchema(`${ATTR_PROVIDER_NAME}, such as openai or anthropic.`).optional(),
    organization: nameSchema("Default: that of the token.").optional(),
    project: nameSchema("What budgets and reports count by.").optional(),
    task: nameSchema("The task it was used on.").optional(),
    workstream: nameSchema("Default: that of the task.").optional(),
    repository: nameSchema("Default: that of the task.").optional(),
    agent: nameSchema("Who used it.").optional(),
    session: nameSchema("The session it was used in.").optional(),
    user: nameSchema("For whom.").optional(),
    commit: nameSchema("The commit that came of it.").optional(),
    release: nameSchema("The release it was for.").optional(),
    ref_type: z.enum(REF_TYPES).describe("What ref_id names.").optional(),
    ref_id: nameSchema("What the tokens were for.").optional(),
    note: z.string().max(2_000).describe("For people.").optional(),
  })
  .refine(
    (event) => [event.tokens_in, event.tokens_out, event.cost_usd].some((one) => one !== undefined),
    {
      error: "says nothing of what was used: give tokens_in, tokens_out or cost_usd",
    },
  )
  .refine(({ ref_type, ref_id }) => (ref_type === undefined) === (ref_id === undefined), {
    path: ["ref_id"],
    error: "ref_type and ref_id go together",
  })
  .refine((event) => fits([event.cache_read_tokens, event.cache_write_tokens], event.tokens_in), {
    path: ["tokens_in"],
    error:
      "tokens_in holds all input tokens, cached ones included: it is less than cache_read_tokens and cache_write_tokens",
  })
  .refine((event) => fits([event.reasoning_tokens], event.tokens_out), {
    path: ["tokens_out"],
    error:
      "tokens_out holds all output tokens, reasoning included: it is less than reasoning_tokens",
  });

function fits(parts: readonly (number | undefined)[], whole: number | undefined): boolean {
  if (parts.every((part) => part === undefined)) return true;
  return whole !== undefined && parts.reduce((sum: number, part) => sum + (part ?? 0), 0) <= whole;
}

/** `undefined` when only a cost was reported. */
export function usageOf(input: TokenEventInput): TokenUsage | undefined {
  if (input.tokens_in === undefined && input.tokens_out === undefined) return undefined;
  return {
    inputTokens: input.tokens_in,
    outputTokens: input.tokens_out,
    cacheReadTokens: input.cache_read_tokens,
    cacheWriteTokens: input.cache_write_tokens,
    reasoningTokens: input.reasoning_tokens,
  };
}

export function costOf({ cost_usd: usd }: TokenEventInput): number | undefined {
  return usd === undefined ? undefined : usdToNanoUsd(usd);
}

/** A reference names what it refers to: a report for commit `abc` is of that commit. */
export function attributionOf(input: TokenEventInput): Attribution {
  const { project, task, workstream, repository, agent, session, user, commit, release } = input;
  const said = { project, task, workstream, repository, agent, session, user, commit, release };
  const { ref_type: type, ref_id: id } = input;
  return type === undefined ? said : { ...said, [type]: said[type] ?? id };
}
