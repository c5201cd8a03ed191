import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";

/** A call as the collector's REST interface tells of it. */
export interface BookedCall {
  readonly source: string;
  readonly project: string | null;
  readonly provider: string;
  readonly model: string | null;
  readonly operation: string;
  readonly tokens_in: number | null;
  readonly tokens_out: number | null;
  readonly cache_read_tokens: number | null;
  readonly cache_write_tokens: number | null;
  readonly reasoning_tokens: number | null;
  readonly cost_nano_usd: number | null;
  readonly price_source: string;
  readonly outcome: string;
  readonly trace_id: string | null;
}

/** Sums as the collector's REST interface gives them. */
export interface Sums {
  readonly events: number;
  readonly tokens_in: number;
  readonly tokens_out: number;
  readonly cost_nano_usd: number;
  readonly failed_events: number;
}

export interface Summary extends Sums {
  readonly by: Readonly<
    Record<"model" | "project", readonly (Sums & { readonly value: string | null })[]>
  >;
}

const count: z.ZodType<number | null> = z.number().nullable();
const text: z.ZodType<string | null> = z.string().nullable();
const calls: z.ZodType<readonly BookedCall[]> = z.array(
  z.object({
    source: z.string(),
    project: text,
    provider: z.string(),
    model: text,
    operation: z.string(),
    tokens_in: count,
    tokens_out: count,
    cache_read_tokens: count,
    cache_write_tokens: count,
    reasoning_tokens: count,
    cost_nano_usd: count,
    price_source: z.string(),
    outcome: z.string(),
    trace_id: text,
  }),
);
const sums = {
  events: z.number(),
  tokens_in: z.number(),
  tokens_out: z.number(),
  cost_nano_usd: z.number(),
  failed_events: z.number(),
};
const groups: z.ZodType<Summary["by"]["model"]> = z.array(z.object({ ...sums, value: text }));
const summarySchema: z.ZodType<Summary> = z.object({
  ...sums,
  by: z.object({ model: groups, project: groups }),
});

const POLL_MS = 100;
const LIMIT_MS = 60_000;

/** Every call that is booked, once nothing waits any more and `isComplete`, or after a minute. */
export async function readBooked(
  url: string,
  isComplete: (calls: readonly BookedCall[]) => boolean,
): Promise<readonly BookedCall[]> {
  const deadlineMs = performance.now() + LIMIT_MS;
  for (;;) {
    const waiting = await eventsOf(url, "waiting");
    const booked = await eventsOf(url, "booked");
    if (waiting.length === 0 && isComplete(booked)) return booked;
    if (performance.now() > deadlineMs) return booked;
    await wait(POLL_MS);
  }
}

async function eventsOf(url: string, state: string): Promise<readonly BookedCall[]> {
  const response = await fetch(`${url}/v1/usage/export?format=json&state=${state}`);
  return calls.parse(await response.json());
}

export async function readSummary(url: string): Promise<Summary> {
  const response = await fetch(`${url}/v1/token-events/summary?by=model,project`);
  return summarySchema.parse(await response.json());
}
