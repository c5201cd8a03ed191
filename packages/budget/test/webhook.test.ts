import { createServer, type Server } from "node:http";
import { createFakeClock, type FakeClock } from "@tollgate/testkit";
import { afterEach, describe, expect, test } from "vitest";
import {
  createWebhook,
  deliverAlerts,
  verifyWebhook,
  type Webhook,
  type WebhookOptions,
} from "../src/index.ts";
import { bench, by, call, now, policy } from "./budget-call.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

interface Received {
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** The answers to give, the last one for ever: a status, or `undefined` to hang up. */
  answers: (number | undefined)[];
  headers: Record<string, string>;
  until(count: number): Promise<void>;
}

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await new Promise((resolve) => server.close(resolve));
  }
});

async function openReceiver(...answers: (number | undefined)[]): Promise<Receiver> {
  let onReceived: (() => void) | undefined;
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (body += part));
    request.on("end", () => {
      const status = receiver.answers.length > 1 ? receiver.answers.shift() : receiver.answers[0];
      receiver.received.push({ body, headers: request.headers });
      if (status === undefined) request.socket.destroy();
      else response.writeHead(status, receiver.headers).end();
      onReceived?.();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  const receiver: Receiver = {
    url: `http://127.0.0.1:${address.port}/hook`,
    received: [],
    answers,
    headers: {},
    async until(count) {
      while (receiver.received.length < count) {
        // oxlint-disable-next-line no-await-in-loop -- until enough have come
        await new Promise<void>((resolve) => {
          onReceived = resolve;
        });
      }
    },
  };
  return receiver;
}

function hook(options: WebhookOptions): Webhook & { readonly clock: FakeClock } {
  const clock = createFakeClock(Date.UTC(2026, 2, 4, 12));
  return Object.assign(createWebhook({ clock, random: () => 0.5, ...options }), { clock });
}

async function settled(condition: () => boolean): Promise<void> {
  while (!condition()) {
    // oxlint-disable-next-line no-await-in-loop -- the answer travels through a real socket
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Moves time on until a try has been received, as often as it takes. */
async function tried(receiver: Receiver, clock: FakeClock, count: number): Promise<void> {
  await settled(() => clock.sleeping > 0 || receiver.received.length >= count);
  if (receiver.received.length < count) await clock.advance(300_000);
  await receiver.until(count);
}

test("what a processor reports reaches the receiver, signed", async () => {
  const receiver = await openReceiver(204);
  const { processor, spend, clock } = bench([policy({ each: ["user"] })]);
  const webhook = createWebhook({ url: receiver.url, secret: SECRET, clock });
  deliverAlerts(processor, webhook, { now: clock.now });
  spend(8.5, by({ user: "ada" }));
  await receiver.until(2);
  const messages = receiver.received.map(({ body }): unknown => JSON.parse(body));
  expect(messages).toContainEqual({
    type: "budget.threshold",
    timestamp: "2026-03-04T12:00:00.000Z",
    message: 'Budget "budget" (user "ada") has reached 80 %: $8.50 of $10.00',
    data: {
      budget: "budget",
      unit: "usd",
      scope: { user: "ada" },
      threshold: 80,
      limit: 10e9,
      spent: 8.5e9,
      windowEndMs: Date.UTC(2026, 2, 5),
    },
  });
  for (const { headers, body } of receiver.received) {
    const header = (name: string): string => String(headers[name]);
    // oxlint-disable-next-line no-await-in-loop -- two of them
    expect(await verifyWebhook({ secret: SECRET, header, body, nowMs: clock.now() })).toEqual({
      genuine: true,
      id: headers["webhook-id"],
      sentAtMs: clock.now(),
    });
  }
});

test("refusals, waits and runaways are told when asked for", async () => {
  const { processor, clock } = bench([policy({ limit: { requests: 1 } })], {
    guards: [{ id: "loops", identicalInARow: 2 }],
  });
  const sent: unknown[] = [];
  const end = deliverAlerts(
    processor,
    { send: (message) => sent.push(message) },
    { events: ["deny", "runaway"], now: clock.now },
  );
  const same = { attribution: { agent: "a" }, fingerprint: "x" };
  void now(processor.reserve(call(same)));
  void now(processor.reserve(call({ ...same, id: "second" })));
  await clock.advance(0);
  expect(sent).toMatchObject([
    {
      type: "budget.runaway",
      message: 'Guard "loops" (agent "a") sees a runaway, identical in a row: 2, allowed 2',
    },
    {
      type: "budget.deny",
      message: 'Budget "budget" refused a call of gpt-5: exceeded',
      data: { callId: "second", reason: "exceeded", attribution: { agent: "a" } },
    },
  ]);
  end();
  now(processor.reserve(call()));
  await clock.advance(0);
  expect(sent).toHaveLength(2);
});

describe("a delivery", () => {
  test("is tried again until it is answered well, under one id, and signed anew", async () => {
    const receiver = await openReceiver(500, undefined, 302, 404, 200);
    const webhook = hook({ url: receiver.url, secret: SECRET });
    webhook.send({ hello: "there" });
    for (let count = 1; count <= 5; count++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await tried(receiver, webhook.clock, count);
    }
    await settled(() => webhook.waiting === 0);
    const ids = new Set(receiver.received.map(({ headers }) => headers["webhook-id"]));
    const signatures = new Set(
      receiver.received.map(({ headers }) => headers["webhook-signature"]),
    );
    expect(ids.size).toBe(1);
    expect(signatures.size).toBeGreaterThan(1);
    expect(webhook.lost).toBe(0);
  });

  test("is given up after 12 tries", async () => {
    const receiver = await openReceiver(503);
    const webhook = hook({ url: receiver.url });
    webhook.send("hello");
    for (let count = 1; count <= 12; count++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await tried(receiver, webhook.clock, count);
    }
    await settled(() => webhook.lost === 1);
    expect([webhook.waiting, webhook.clock.sleeping]).toEqual([0, 0]);
  });

  test("that is gone is not tried again", async () => {
    const receiver = await openReceiver(410);
    const webhook = hook({ url: receiver.url });
    webhook.send("hello");
    await settled(() => webhook.lost === 1);
    expect([receiver.received.length, webhook.clock.sleeping]).toEqual([1, 0]);
  });

  test("waits as long as Retry-After says", async () => {
    const receiver = await openReceiver(429, 200);
    receiver.headers = { "retry-after": "120" };
    const webhook = hook({ url: receiver.url });
    webhook.send("hello");
    await settled(() => webhook.clock.sleeping === 1);
    await webhook.clock.advance(119_999);
    expect(receiver.received).toHaveLength(1);
    await webhook.clock.advance(1);
    await receiver.until(2);
    await settled(() => webhook.waiting === 0);
    expect(webhook.lost).toBe(0);
  });
});

test("a receiver that never answers blocks no call, and what is too much is dropped", () => {
  const webhook = createWebhook({
    url: "http://127.0.0.1:9/",
    fetch: () => new Promise<Response>(() => {}),
    queueSize: 3,
  });
  for (let messages = 0; messages < 5; messages++) webhook.send({ messages });
  expect([webhook.waiting, webhook.lost]).toEqual([3, 2]);
});

test("closing tries what waits once more and takes nothing after", async () => {
  const receiver = await openReceiver(500, 200);
  const webhook = hook({ url: receiver.url });
  webhook.send("hello");
  await settled(() => webhook.clock.sleeping === 1);
  await webhook.close();
  expect(receiver.received).toHaveLength(2);
  webhook.send("late");
  expect([webhook.waiting, webhook.lost]).toEqual([0, 1]);
});

test("a secret that is none loses its messages, not the app", async () => {
  const webhook = hook({ url: "http://127.0.0.1:9/", secret: "whsec_***" });
  webhook.send("hello");
  await settled(() => webhook.clock.sleeping === 1);
  expect(webhook.waiting).toBe(1);
});

describe("the receiver's check", () => {
  // The example of the Standard Webhooks specification's libraries.
  const example = {
    secret: SECRET,
    body: '{"test": 2432232314}',
    nowMs: 1_614_265_330_000,
    header: (name: string): string | undefined =>
      ({
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
      })[name],
  };

  test("takes the signature of the specification's example", async () => {
    expect(await verifyWebhook(example)).toMatchObject({ genuine: true });
  });

  test.each([
    ["another body", { body: '{"test": 2432232315}' }, "no signature fits"],
    ["another secret", { secret: "other" }, "no signature fits"],
    ["one that is too old", { nowMs: example.nowMs + 300_001 }, "it is too old or new"],
    ["one from the future", { nowMs: example.nowMs - 300_001 }, "it is too old or new"],
    ["one without headers", { header: () => undefined }, "a header is missing"],
    [
      "a time that is none",
      {
        header: (name: string) => (name === "webhook-timestamp" ? "soon" : example.header(name)),
      },
      "its time is no time",
    ],
    [
      "a signature that is none",
      {
        header: (name: string) =>
          name === "webhook-signature" ? "v1,*** v2,abc" : example.header(name),
      },
      "no signature fits",
    ],
  ])("refuses %s", async (_name, change, why) => {
    expect(await verifyWebhook({ ...example, ...change })).toEqual({ genuine: false, why });
  });

  test("takes one of several signatures, while a secret is changed", async () => {
    const header = (name: string): string | undefined =>
      name === "webhook-signature" ? `v1,AAAA ${example.header(name) ?? ""}` : example.header(name);
    expect(await verifyWebhook({ ...example, header })).toMatchObject({ genuine: true });
  });
});
