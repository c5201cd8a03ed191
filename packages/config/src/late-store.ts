import { diag } from "@opentelemetry/api";
import type { BudgetStore } from "@tollgate/budget";

/**
 * A shared store whose driver is loaded while the process goes on starting. Operations wait for it; they all
 * reject when it cannot be loaded, and `diag` is told at once.
 *
 * @param store - what messages call it, and what its counters are kept apart by.
 */
export function createLateStore(
  { name, partition }: { readonly name: string } & Pick<BudgetStore, "partition">,
  load: () => Promise<BudgetStore>,
): BudgetStore {
  const loading = load();
  loading.catch((error: unknown) => {
    diag.error(`tollgate: the budget store in ${name} cannot be opened`, error);
  });
  return {
    scope: "shared",
    partition,
    reserve: async (request) => (await loading).reserve(request),
    settle: async (leaseId, amounts) => (await loading).settle(leaseId, amounts),
    release: async (leaseId) => (await loading).release(leaseId),
    renew: async (leaseIds, ttlMs) => (await loading).renew(leaseIds, ttlMs),
    control: async (key, control) => (await loading).control(key, control),
    topUp: async (topUp) => (await loading).topUp(topUp),
    states: async () => (await loading).states(),
    close: async () => (await loading).close(),
  };
}
