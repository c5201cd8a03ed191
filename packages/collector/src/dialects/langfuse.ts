import type { TokenUsage } from "@tollgate/core";
import type { AttributeValue } from "../otlp/records.ts";
import type { Dialect } from "./dialect.ts";
import {
  asAttribute,
  readCount,
  readMilliseconds,
  readObject,
  readText,
  readUsd,
} from "./reading/attribute-values.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { MADE_ERROR } from "./reading/made.ts";
import { nameError } from "./reading/outcome.ts";
import { sightSpan, withAttributes } from "./reading/sight.ts";

const TYPE = "langfuse.observation.type";
const USAGE = "langfuse.observation.usage_details";
const COST = "langfuse.observation.cost_details";
const LEVEL = "langfuse.observation.level";
const COMPLETION_START = "langfuse.observation.completion_start_time";

/** Names for what stands in JSON; no sender can write them. */
const FROM_JSON: FactNames = {
  inputTokens: ["\0input"],
  outputTokens: ["\0output"],
  cacheReadTokens: ["\0cache_read"],
  cacheWriteTokens: ["\0cache_write"],
  reasoningTokens: ["\0reasoning"],
  costUsd: ["\0cost"],
  errorType: [MADE_ERROR],
  timeToFirstChunkMs: ["\0first_chunk"],
};

const NAMES: FactNames = {
  operation: [TYPE],
  responseModel: ["langfuse.observation.model.name"],
  session: ["session.id", "langfuse.session.id"],
  user: ["user.id", "langfuse.user.id"],
  release: ["langfuse.release"],
};

/** Langfuse's SDKs. */
export const langfuse: Dialect = {
  id: "langfuse",
  about: {
    title: "Langfuse",
    senders: "@langfuse/tracing 5.11.1 (run 2026-11-29); attributes in @langfuse/core 5.11.1.",
    evidence: "run",
    fields: [
      {
        source: `\`${USAGE}\`: \`input\` and all \`input_*\`, \`cache_*\``,
        becomes: "`inputTokens`",
      },
      { source: `\`${USAGE}\`: \`output\` and all \`output_*\``, becomes: "`outputTokens`" },
      {
        source: `\`${USAGE}\`: names with \`cache\` and \`read\`, or \`cached\``,
        becomes: "`cacheReadTokens`",
      },
      {
        source: `\`${USAGE}\`: names with \`cache\` and \`creation\` or \`write\``,
        becomes: "`cacheWriteTokens`",
      },
      { source: `\`${USAGE}\`: names with \`reasoning\``, becomes: "`reasoningTokens`" },
      { source: `\`${COST}\`: \`total\`, else the sum`, becomes: "cost in US dollars" },
      { source: `\`${LEVEL}\` = \`ERROR\``, becomes: "error" },
      { source: `\`${COMPLETION_START}\``, becomes: "time to first chunk" },
      ...fieldsOf(NAMES),
    ],
    counts: "Observations of type `generation` and `embedding`; all other types are no calls.",
    limits: [
      "Usage may have any names. Details are taken as apart from `input` and `output`, as Langfuse adds them up, unless its `total` shows that they are in them.",
      "No provider: the price is that of the model's name.",
    ],
  },
  reads: { names: [...namesOf(NAMES), TYPE, USAGE, COST, LEVEL, COMPLETION_START] },
  claimsSpan: ({ attributes }) => attributes[TYPE] !== undefined,
  readSpan(span) {
    const { attributes } = span;
    const usage = usageIn(attributes[USAGE]);
    const firstMs = dateIn(attributes[COMPLETION_START]);
    const told = withAttributes(span, {
      "\0input": usage?.inputTokens,
      "\0output": usage?.outputTokens,
      "\0cache_read": usage?.cacheReadTokens,
      "\0cache_write": usage?.cacheWriteTokens,
      "\0reasoning": usage?.reasoningTokens,
      "\0cost": costIn(attributes[COST]),
      [MADE_ERROR]: attributes[LEVEL] === "ERROR" ? nameError() : undefined,
      "\0first_chunk": readMilliseconds(firstMs === undefined ? undefined : firstMs - span.startMs),
    });
    return sightSpan(told, { names: { ...NAMES, ...FROM_JSON } });
  },
};

function usageIn(value: AttributeValue | undefined): TokenUsage | undefined {
  const counts = Object.entries(readObject(value) ?? {}).flatMap(([name, said]) => {
    const count = readCount(asAttribute(said));
    return count === undefined ? [] : [[name.toLowerCase(), count] as const];
  });
  if (counts.length === 0) return undefined;
  const all = (isPart: (name: string) => boolean): number | undefined =>
    sumOf(counts.filter(([name]) => isPart(name)).map(([, count]) => count));
  const input = all((name) => name === "input" || name === "prompt_tokens");
  const output = all((name) => name === "output" || name === "completion_tokens");
  const total = all((name) => name === "total" || name === "total_tokens");
  const cacheRead = all((name) => /cache.*read|cached/.test(name));
  const cacheWrite = all((name) => /cache.*(creation|write)/.test(name));
  const reasoning = all((name) => name.includes("reasoning"));
  const moreInput = all((name) => /^(input_(?!tokens$)|cache)/.test(name)) ?? 0;
  const moreOutput = all((name) => /^(output_(?!tokens$)|reasoning)/.test(name)) ?? 0;
  const areWithin = total !== undefined && total === (input ?? 0) + (output ?? 0);
  return {
    inputTokens: input === undefined ? undefined : input + (areWithin ? 0 : moreInput),
    outputTokens: output === undefined ? undefined : output + (areWithin ? 0 : moreOutput),
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    reasoningTokens: reasoning,
  };
}

function costIn(value: AttributeValue | undefined): number | undefined {
  const costs = Object.entries(readObject(value) ?? {}).flatMap(([name, said]) =>
    typeof said === "number" && readUsd(said) !== undefined ? [[name, said] as const] : [],
  );
  const total = costs.find(([name]) => name === "total")?.[1];
  return total ?? sumOf(costs.map(([, usd]) => usd));
}

function sumOf(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((sum, each) => sum + each, 0);
}

/** Dates stand in JSON here, with quotes around them. */
function dateIn(value: AttributeValue | undefined): number | undefined {
  const timeMs = Date.parse(readText(value)?.replaceAll('"', "") ?? "");
  return Number.isNaN(timeMs) ? undefined : timeMs;
}
