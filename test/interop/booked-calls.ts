import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";

const count = z.number().nullable();
const eventSchema = z.object({
  time: z.string(),
  source: z.string(),
  project: z.string().nullable(),
  provider: z.string(),
  model: z.string().nullable(),
  operation: z.string(),
  tokens_in: count,
  tokens_out: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
  reasoning_tokens: count,
  cost_nano_usd: count,
  price_source: z.string(),
  outcome: z.string(),
  error_type: z.string().nullable(),
  trace_id: z.string().nullable(),
});
/** A call as the collector's REST interface tells of it. */
export type BookedCall = z.output<typeof eventSchema>;

const totals = z.object({
  events: z.number(),
  tokens_in: z.number(),
  tokens_out: z.number(),
  cost_nano_usd: z.number(),
  failed_events: z.number(),
});
const group = totals.extend({ value: z.string().nullable() });
const summarySchema = totals.extend({ by: z.object({ model: z.array(group), project: z.array(group) }) });
/** Sums as the collector's REST interface gives them. */
export type Summary = z.output<typeof summarySchema>;

const POLL_MS = 100;
const LIMIT_MS = 60_000;

/** Every call that is booked, once nothing waits any more and `isComplete`, or after a minute. */
export async function readBooked(url: string, isComplete: (calls: readonly BookedCall[]) => boolean): Promise<readonly BookedCall[]> {
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
  return z.array(eventSchema).parse(await response.json());
}

export async function readSummary(url: string): Promise<Summary> {
  const response = await fetch(`${url}/v1/token-events/summary?by=model,project`);
  return summarySchema.parse(await response.json());
}
