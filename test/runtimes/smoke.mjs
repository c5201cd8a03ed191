/**
 * Runs on Node, Bun and Deno alike: a metered fetch over a canned answer, JSON and streamed, with a price, an
 * attribution and a budget that refuses the third call. Prints what was booked.
 */
import { createBudgetProcessor } from "@tollgate/budget";
import { isBudgetExceeded, withAttribution } from "@tollgate/core";
import { createMeteredFetch } from "@tollgate/instrumentation/fetch";

const usage = { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 };
const model = "gpt-4o-mini";
const choice = { index: 0, finish_reason: "stop" };
const json = { id: "c1", model, choices: [{ ...choice, message: { content: "Hi." } }], usage };
const events = [
  { id: "c1", model, choices: [{ index: 0, delta: { content: "Hi." }, finish_reason: null }] },
  { id: "c1", model, choices: [{ ...choice, delta: {} }] },
  { id: "c1", model, choices: [], usage },
].map((event) => `data: ${JSON.stringify(event)}\n\n`);

const canned = async (_url, init) =>
  JSON.parse(init.body).stream
    ? new Response(`${events.join("")}data: [DONE]\n\n`, {
        headers: { "content-type": "text/event-stream" },
      })
    : Response.json(json);

const booked = [];
const fetch = createMeteredFetch(canned, {
  budget: createBudgetProcessor({
    policies: [{ id: "two", each: ["agent"], limit: { requests: 2 }, window: "day" }],
  }),
  onUsage: ({ outcome, usage: counts, cost, attribution }) =>
    booked.push({
      outcome,
      input: counts?.inputTokens,
      nanoUsd: cost.totalNanoUsd,
      ...attribution,
    }),
});
const ask = (stream) =>
  fetch("https://api.openai.com/v1/chat/completions", {
    method: "POST",
    body: JSON.stringify({
      model,
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
      messages: [{ role: "user", content: "Hi" }],
    }),
  });

await withAttribution({ agent: "planner" }, async () => {
  await (await ask(false)).json();
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of (await ask(true)).body) text += decoder.decode(chunk, { stream: true });
  if (text !== `${events.join("")}data: [DONE]\n\n`) throw new Error(`the stream was ${text}`);
  const refused = await ask(false);
  booked.push({ status: refused.status, budgetExceeded: isBudgetExceeded(await refused.json()) });
});
process.stdout.write(`${JSON.stringify(booked)}\n`);
