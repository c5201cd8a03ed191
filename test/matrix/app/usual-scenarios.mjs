import { requestArrived } from "./arrivals.mjs";
import { closedAddress } from "./closed-address.mjs";
import { collect, collectUntil } from "./describe.mjs";

const TIMEOUT_MS = 300;

/**
 * What apps do with any client.
 *
 * `surface` is one way to call one API through it. `ask` gives a whole answer, `stream` an async iterable;
 * both take the scenario's name, which goes into the header `x-scenario`, and options: `tools`,
 * `limitTokens`, `model`, `signal`, `timeoutMs`, `retries` (0 unless said), `baseUrl`. Members that it
 * lacks (`ask`, `stream`) and options in `cannot` are left out; `errorEvent` there means an error in the
 * middle of a stream, `abortedBefore` a signal that was aborted before the call.
 */
export function usualScenarios(prefix, surface) {
  const { cannot = [], refusedModel } = surface;
  const can = (option) => !cannot.includes(option);
  const found = {
    ...(surface.stream && streams(surface, can, refusedModel)),
    ...(surface.ask && answers(surface, can, refusedModel)),
  };
  return Object.fromEntries(
    Object.entries(found).map(([name, run]) => {
      const refuses = name.startsWith("budget refuses ");
      const [start, rest] = refuses ? ["budget refuses ", name.slice(15)] : ["", name];
      return [`${start}${prefix} ${rest}`, run];
    }),
  );
}

function answers({ ask }, can, refusedModel) {
  return {
    json: (n) => ask(n, {}),
    "json twice": async (n) => [await ask(n, {}), await ask(n, {})],
    "json at once": (n) => Promise.all([1, 2, 3].map(() => ask(n, {}))),
    ...(can("tools") && { "json tools": (n) => ask(n, { tools: true }) }),
    "json reasoning": (n) => ask(n, {}),
    "json uncounted": (n) => ask(n, {}),
    ...(can("limitTokens") && { "json limited": (n) => ask(n, { limitTokens: 4 }) }),
    "json in one piece": (n) => ask(n, {}),
    "json large": async (n) => digest(await ask(n, {})),
    ...(can("signal") && {
      "json signal": (n) => leftWaiting(n, (signal) => ask(n, { signal })),
      ...(can("abortedBefore") && {
        "json aborted before": (n) => ask(n, { signal: AbortSignal.abort() }),
      }),
    }),
    ...(can("timeoutMs") && { "json timeout": (n) => ask(n, { timeoutMs: TIMEOUT_MS }) }),
    ...(can("retries") && { "json retried": (n) => ask(n, { retries: 2 }) }),
    "json 400": (n) => ask(n, {}),
    "json 401": (n) => ask(n, {}),
    "json 404": (n) => ask(n, {}),
    "json 429": (n) => ask(n, {}),
    "json 500": (n) => ask(n, {}),
    "json 503": (n) => ask(n, {}),
    "json html": (n) => ask(n, {}),
    "json empty": (n) => ask(n, {}),
    "json truncated json": (n) => ask(n, {}),
    "json closed json": (n) => ask(n, {}),
    "json refused connection": async (n) => ask(n, { baseUrl: await closedAddress() }),
    ...(refusedModel && {
      "budget refuses json": (n) => ask(n, { model: refusedModel, retries: 2 }),
    }),
  };
}

function streams({ stream, end }, can, refusedModel) {
  const all = async (n, options) => collect(await stream(n, options));
  return {
    // First, so that it has been abandoned by the time the app ends.
    "stream unread": async (n) => {
      await stream(n, {});
      return "never read";
    },
    "stream break": async (n) => {
      const items = await stream(n, {});
      return collect(items, (count) => count >= 3 && "break");
    },
    stream: (n) => all(n, {}),
    "stream twice": async (n) => [await all(n, {}), await all(n, {})],
    "stream at once": (n) => Promise.all([1, 2, 3].map(() => all(n, {}))),
    ...(can("tools") && { "stream tools": (n) => all(n, { tools: true }) }),
    "stream reasoning": (n) => all(n, {}),
    "stream uncounted": (n) => all(n, {}),
    ...(can("limitTokens") && { "stream limited": (n) => all(n, { limitTokens: 4 }) }),
    "stream in one piece": (n) => all(n, {}),
    "stream large": async (n) => digest(await all(n, {})),
    ...(can("signal") && {
      "stream signal": async (n) => {
        const controller = new AbortController();
        const items = await stream(n, { signal: controller.signal });
        return collectUntil(items, () => controller.abort());
      },
      ...(can("abortedBefore") && {
        "stream aborted before": (n) => all(n, { signal: AbortSignal.abort() }),
      }),
      "stream signal before its head": (n) => leftWaiting(n, (signal) => all(n, { signal })),
    }),
    ...(can("retries") && { "stream retried": (n) => all(n, { retries: 2 }) }),
    "stream 400": (n) => all(n, {}),
    "stream 429": (n) => all(n, {}),
    "stream 500": (n) => all(n, {}),
    "stream closed": (n) => all(n, {}),
    "stream broken event": (n) => all(n, {}),
    ...(can("errorEvent") && { "stream error event": (n) => all(n, {}) }),
    "stream without its end": (n) => all(n, {}),
    "stream refused connection": async (n) => all(n, { baseUrl: await closedAddress() }),
    ...(end && { "stream ended by hand": (n) => end(n) }),
    ...(refusedModel && {
      "budget refuses stream": (n) => all(n, { model: refusedModel, retries: 2 }),
    }),
  };
}

/** Gives up a call as soon as the provider has it. */
async function leftWaiting(scenario, call) {
  const controller = new AbortController();
  const [result] = await Promise.all([
    call(controller.signal),
    requestArrived(scenario).then(() => controller.abort()),
  ]);
  return result;
}

/** Instead of a third of a megabyte: how long it was, and its two ends. */
function digest(value) {
  const text = JSON.stringify(value);
  return { chars: text.length, start: text.slice(0, 2_000), end: text.slice(-2_000) };
}
