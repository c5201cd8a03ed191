import type { CounterState, StoredControl, StoreNotice, StoreStates } from "../store/store.ts";
import { readFields, viewCounter } from "./counter-view.ts";
import type { KeySpace } from "./key-space.ts";
import type { ScriptReply } from "./read-reply.ts";
import { readControls } from "./stored-controls.ts";

/** Runs a script; `args` without epoch and clock. */
type Ask = (
  name: "states" | "forget",
  keys: string[],
  args: readonly string[],
) => Promise<ScriptReply>;

const FORGOTTEN_AT_ONCE = 200;

/** Reads all counters, a page at a time, and leaves out of the list what nobody needs to see any more. */
export async function readStates(keys: KeySpace, ask: Ask): Promise<StoreStates> {
  const seen = new Map<string, CounterState>();
  const notices: StoreNotice[] = [];
  const controls: StoredControl[] = [];
  const over: [key: string, usedAt: string][] = [];
  let cursor = "0";
  do {
    const scriptKeys = [keys.meta, keys.leases, keys.counters, keys.controls];
    // oxlint-disable-next-line no-await-in-loop -- Redis does something else in between
    const reply = await ask("states", scriptKeys, [cursor]);
    const [next, laid, ...page] = reply.rest;
    controls.push(...readControls(readFields(laid), reply.nowMs));
    notices.push(...reply.notices);
    for (let at = 0; at + 1 < page.length; at += 2) {
      const fields = readFields(page[at + 1]);
      const state = viewCounter(fields, reply.nowMs);
      if (state === undefined) over.push([String(page[at]), fields.get("t") ?? ""]);
      else seen.set(state.counter.key, state);
    }
    cursor = String(next);
  } while (cursor !== "0");
  if (over.length > 0) {
    const forgotten = over.slice(0, FORGOTTEN_AT_ONCE);
    const scriptKeys = [keys.counters, ...forgotten.map(([key]) => key)];
    await ask(
      "forget",
      scriptKeys,
      forgotten.map(([, usedAt]) => usedAt),
    );
  }
  return { states: [...seen.values()], controls, notices };
}
