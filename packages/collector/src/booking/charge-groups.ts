import { ATTRIBUTION_KEYS, type Attribution } from "@tollgate/core";
import type { BudgetCharge } from "@tollgate/budget";
import type { LedgerEvent } from "@tollgate/ledger";

/** Windows begin and end at quarters of an hour, whatever the time zone: what lies in one is in one window. */
const SLOT_MS = 15 * 60_000;

interface Group {
  readonly charge: Omit<BudgetCharge, "used" | "requests">;
  nanoUsd: number;
  tokens: number;
  requests: number;
}

/**
 * What events are to be charged, those together that no budget can tell apart: a store takes one step for a group instead of one
 * for each event.
 *
 * @param id - unique; the charges are called after it.
 */
export function groupCharges(id: string, events: readonly LedgerEvent[]): readonly BudgetCharge[] {
  const groups = new Map<string, Group>();
  for (const event of events) {
    if (event.outcome === "refused") continue;
    const group = groupOf(groups, id, event);
    group.nanoUsd = sum(group.nanoUsd, event.cost.totalNanoUsd);
    group.tokens = sum(group.tokens, event.usage?.inputTokens);
    group.tokens = sum(group.tokens, event.usage?.outputTokens);
    group.requests += event.calls ?? 1;
  }
  return [...groups.values()].map(({ charge, nanoUsd, tokens, requests }) => ({
    ...charge,
    used: { nanoUsd, tokens },
    requests,
  }));
}

function groupOf(groups: Map<string, Group>, id: string, event: LedgerEvent): Group {
  const { attribution, provider } = event;
  const model = event.requestModel ?? event.responseModel;
  const timeMs = Math.floor(event.timeMs / SLOT_MS) * SLOT_MS;
  // No name has a NUL.
  let key = `${timeMs}\0${provider}\0${model ?? ""}`;
  for (const name of ATTRIBUTION_KEYS) key += `\0${attribution[name] ?? ""}`;
  let group = groups.get(key);
  if (group === undefined) {
    const charge = {
      id: `${id}/${groups.size}`,
      attribution: namesIn(attribution),
      provider,
      model,
      timeMs,
    };
    group = { charge, nanoUsd: 0, tokens: 0, requests: 0 };
    groups.set(key, group);
  }
  return group;
}

/** What budgets match on, and no more: charges are written down. */
function namesIn(attribution: Attribution): Attribution {
  return Object.fromEntries(
    ATTRIBUTION_KEYS.flatMap((key) => {
      const value = attribution[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** What is not known adds nothing: the ledger says how many events that were. */
function sum(total: number, amount = 0): number {
  return Math.min(total + amount, Number.MAX_SAFE_INTEGER);
}
