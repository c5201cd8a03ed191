import { expect, test } from "vitest";
import { startApi } from "./start-api.ts";

type Mistake = readonly [method: string, path: string, body: unknown, detail: string];

const EVENTS = "/v1/token-events";
const DAY = { limit: { usd: 1 }, window: "day" };

const BAD_REQUESTS: readonly Mistake[] = [
  [
    "POST",
    EVENTS,
    {},
    "body: says nothing of what was used: give tokens_in, tokens_out or cost_usd",
  ],
  ["POST", EVENTS, { tokens_inn: 1 }, 'tokens_inn: unknown key; did you mean "tokens_in"?'],
  [
    "POST",
    EVENTS,
    { tokens_in: "1" },
    'tokens_in: is the text "1"; write a number, without quotes',
  ],
  ["POST", EVENTS, [{ tokens_in: 1 }, { tokens_in: -1 }], "1.tokens_in: is -1; write 0 or more"],
  ["POST", EVENTS, [], "body: is a list; write at least 1 of them"],
  [
    "POST",
    EVENTS,
    { tokens_in: 1, time: "now" },
    'time: is the text "now"; write a time with an offset, such as 2026-01-31T12:00:00Z',
  ],
  [
    "POST",
    EVENTS,
    { tokens_in: 1, time: "2099-01-01T00:00:00Z" },
    "time: 2099-01-01T00:00:00Z is yet to come; leave the key out for now",
  ],
  [
    "POST",
    EVENTS,
    { tokens_in: 1, ref_type: "commit" },
    "ref_id: goes with ref_type: give both or neither",
  ],
  [
    "POST",
    EVENTS,
    { tokens_in: 1, cache_read_tokens: 5 },
    "tokens_in: tokens_in holds all input tokens, cached ones included: it is less than cache_read_tokens and cache_write_tokens",
  ],
  ["POST", EVENTS, "{bad", "body: is not JSON; write one object or a list, such as {}"],
  ["POST", EVENTS, undefined, "body: write JSON, with content-type: application/json"],
  ["GET", `${EVENTS}?limit=0`, undefined, 'limit: is the text "0"; write 1 or more'],
  ["GET", `${EVENTS}?agnt=x`, undefined, 'agnt: unknown key; did you mean "agent"?'],
  [
    "GET",
    `${EVENTS}?cursor=zzz`,
    undefined,
    "cursor: The cursor cannot be used: it is none that a page of events gave; leave it out to begin anew",
  ],
  [
    "GET",
    `${EVENTS}?from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z`,
    undefined,
    "until: is not after from; write the later time there",
  ],
  [
    "GET",
    `${EVENTS}/summary?scope=task`,
    undefined,
    "scope: goes with id; write both, such as scope=task&id=T-17",
  ],
  [
    "GET",
    `${EVENTS}/series?timezone=Mars`,
    undefined,
    'timezone: is the text "Mars"; write an IANA name, such as Europe/Berlin',
  ],
  [
    "GET",
    `${EVENTS}/series?step=week`,
    undefined,
    'step: is the text "week"; write "hour" or "day"',
  ],
  ["PUT", "/v1/tasks/a", { titel: "x" }, 'titel: unknown key; did you mean "title"?'],
  [
    "PUT",
    "/v1/budgets/A%20B",
    DAY,
    "id: write 1-63 of a-z, 0-9, / and -, beginning with a letter or digit",
  ],
  ["PUT", "/v1/budgets/a", { ...DAY, id: "b" }, "id: is in the path; leave it out of the body"],
  ["POST", "/v1/budgets/reserve", {}, "call: is missing; write a map of keys"],
  ["POST", "/v1/budgets/check", { modell: "x" }, 'modell: unknown key; did you mean "model"?'],
  [
    "POST",
    "/v1/budgets/settle",
    { lease: "u.x" },
    "body: does not say what was used: give tokens_in and tokens_out, or cost_usd",
  ],
  [
    "POST",
    "/v1/budgets/settle",
    { lease: "u.x", tokens_in: 5 },
    "body: does not say what was used: give tokens_in and tokens_out, or cost_usd",
  ],
  ["POST", "/v1/budgets/release", { lease: "none" }, "lease: is none that this collector gave out"],
];

test("what is wrong with a request is told by its key, with what to write", async () => {
  const { ask } = await startApi();
  for (const [method, path, body, detail] of BAD_REQUESTS) {
    // oxlint-disable-next-line no-await-in-loop -- one request after the other
    const answer = await ask(method, path, body);
    expect(answer, `${method} ${path}`).toMatchObject({
      status: 400,
      type: "application/problem+json; charset=utf-8",
      body: { title: "Bad request", status: 400, detail },
    });
  }
});

test("what is not there, too large or of another type is told as such", async () => {
  const { ask } = await startApi();
  expect(await ask("GET", "/v1/nothing?a=b")).toMatchObject({
    status: 404,
    body: { detail: "there is no GET /v1/nothing; /openapi.json and /docs list what there is" },
  });
  expect(await ask("GET", "/v1/tasks/T-1")).toMatchObject({
    status: 404,
    body: { detail: "no task T-1 is known" },
  });
  expect(await ask("POST", EVENTS, `"${"x".repeat(5 * 1024 * 1024)}"`)).toMatchObject({
    status: 413,
    body: { detail: "body: is larger than 4 MiB; send less at once" },
  });
  expect(await ask("POST", EVENTS, "<a/>", "text/xml")).toMatchObject({
    status: 415,
    body: { detail: "content-type: is none that is read here; write application/json" },
  });
});

test("a list with one wrong event is not recorded at all", async () => {
  const { ask } = await startApi();
  await ask("POST", EVENTS, [{ tokens_in: 1 }, { tokens_in: 1, time: "2099-01-01T00:00:00Z" }]);
  expect(await ask("GET", `${EVENTS}/summary`)).toMatchObject({ body: { events: 0 } });
});
