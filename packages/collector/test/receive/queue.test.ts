import { expect, test } from "vitest";
import { createQueue } from "../../src/receive/queue.ts";

const LIMITS = { queueBytes: 100, queueRequests: 4, callerShare: 0.5 };

test("requests are admitted while their bytes fit", () => {
  const queue = createQueue(LIMITS);
  const first = queue.admit("", 60);
  expect(queue.admit("", 41)).toBeUndefined();
  expect(queue.admit("", 40)).toBeDefined();
  expect(queue).toMatchObject({ bytes: 100, requests: 2 });
  first?.release();
  first?.release();
  expect(queue).toMatchObject({ bytes: 40, requests: 1 });
});

test("requests are admitted up to their number", () => {
  const queue = createQueue(LIMITS);
  for (let count = 0; count < 4; count++) expect(queue.admit("", 0)).toBeDefined();
  expect(queue.hasRoom("", 0)).toBe(false);
  expect(queue.admit("", 0)).toBeUndefined();
});

test("a request may come to hold more, if there is room", () => {
  const queue = createQueue(LIMITS);
  const ticket = queue.admit("", 10);
  queue.admit("", 50);
  expect(ticket?.hold(50)).toBe(true);
  expect(ticket?.hold(51)).toBe(false);
  expect(ticket?.hold(5)).toBe(true);
  expect(queue.bytes).toBe(100);
  ticket?.release();
  expect(queue.bytes).toBe(50);
});

test("a caller has its share, though its only request may be larger", () => {
  const queue = createQueue(LIMITS);
  const large = queue.admit("a", 70);
  expect(large).toBeDefined();
  expect(queue.admit("a", 0)).toBeUndefined();
  expect(queue.admit("b", 30)).toBeDefined();
  large?.release();
  expect(queue.admit("a", 30)).toBeDefined();
  expect(queue.admit("a", 21)).toBeUndefined();
  expect(queue.admit("a", 20)).toBeDefined();
  expect(queue.admit("a", 0)).toBeUndefined();
});

test("it says when it is empty", async () => {
  const queue = createQueue(LIMITS);
  await queue.whenEmpty();
  const ticket = queue.admit("", 1);
  const empty = queue.whenEmpty();
  ticket?.release();
  await expect(empty).resolves.toBeUndefined();
});
