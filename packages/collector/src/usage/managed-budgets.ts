import { isTollgateError } from "@tollgate/core";
import { parsePolicies, type Guard, type Policy } from "@tollgate/budget";
import type { ConfiguredBudgets, LoadedConfig } from "@tollgate/config";
import type { Ledger } from "@tollgate/ledger";
import * as z from "zod";
import type { Caller } from "../access/caller.ts";
import { RequestError } from "./request-error.ts";

/** Where a budget was written. */
export type BudgetOrigin = "configuration" | "api";

export interface ManagedPolicy {
  readonly policy: Policy;
  readonly origin: BudgetOrigin;
}

/** Budgets of the configuration, and those made while the collector runs, which all replicas share. */
export interface ManagedBudgets {
  list(): readonly ManagedPolicy[];
  /** @throws RequestError when it makes no sense, is the configuration's, or another tenant's. */
  put(caller: Caller, id: string, written: object): Promise<Policy>;
  /** @throws RequestError likewise, or when there is none. */
  remove(caller: Caller, id: string): Promise<void>;
  /** Takes over what others have changed. */
  refresh(): Promise<void>;
  /**
   * The configuration was edited.
   *
   * @throws TollgateError as `ConfiguredBudgets.applyConfig`; nothing has changed then.
   */
  configure(config: Pick<LoadedConfig, "budgets" | "guards" | "alerts">): void;
}

export interface ManagedBudgetsOptions {
  readonly budget: Pick<ConfiguredBudgets, "replacePolicies" | "applyConfig">;
  readonly ledger: Pick<Ledger, "documents" | "putDocuments">;
  readonly policies: readonly Policy[];
  readonly guards: readonly Guard[];
}

const DOCUMENT = "budgets";
const MOST_TRIES = 5;
const documentSchema = z.object({ policies: z.array(z.looseObject({ id: z.string() })) });

export function createManagedBudgets(options: ManagedBudgetsOptions): ManagedBudgets {
  const { budget, ledger } = options;
  let { policies: configured, guards } = options;
  let made: readonly Policy[] = [];
  let version = 0;

  function inForce(written = configured, others = made): readonly Policy[] {
    const ids = new Set(written.map(({ id }) => id));
    // The configuration may have got a budget of that name since.
    return [...written, ...others.filter(({ id }) => !ids.has(id))];
  }

  function apply(others = made): void {
    budget.replacePolicies({ policies: inForce(configured, others), guards });
  }

  /** What cannot be in force must not be written either: no replica could start on it. */
  function tryOut(policies: readonly Policy[]): void {
    try {
      apply(policies);
    } catch (error) {
      if (!isTollgateError(error)) throw error;
      throw new RequestError("invalid", error.message);
    }
  }

  async function read(): Promise<void> {
    const found = (await ledger.documents([DOCUMENT])).get(DOCUMENT);
    made = found === undefined ? [] : parsePolicies(documentSchema.parse(found.value).policies);
    version = found?.version ?? 0;
  }

  /** @returns false when others have written in between; what is not written is not in force. */
  async function write(policies: readonly Policy[]): Promise<boolean> {
    let isWritten = false;
    try {
      isWritten = await ledger.putDocuments([
        { key: DOCUMENT, value: { policies }, ifVersion: version },
      ]);
      if (!isWritten) return false;
      made = policies;
      version++;
      return true;
    } finally {
      if (!isWritten) apply();
    }
  }

  /** Others may write at the same time: then it is done again on what they wrote. */
  async function change(next: () => readonly Policy[]): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      await read();
      const policies = next();
      tryOut(policies);
      // oxlint-disable-next-line no-await-in-loop
      if (await write(policies)) return;
    }
    throw new RequestError("conflict", "budgets are being changed by others; try again");
  }

  function mayChange(caller: Caller, id: string): void {
    if (configured.some((policy) => policy.id === id)) {
      throw new RequestError("conflict", `${id} is written in the configuration; change it there`);
    }
    const before = made.find((policy) => policy.id === id);
    if (before !== undefined) checkTenant(caller, before);
  }

  return {
    list: () =>
      inForce().map((policy) => ({
        policy,
        origin: configured.includes(policy) ? "configuration" : "api",
      })),
    async put(caller, id, written) {
      const policy = parse({ ...written, id });
      checkTenant(caller, policy);
      await change(() => {
        mayChange(caller, id);
        const others = made.filter((one) => one.id !== id);
        return [...others, policy];
      });
      return policy;
    },
    remove: (caller, id) =>
      change(() => {
        mayChange(caller, id);
        const others = made.filter((one) => one.id !== id);
        if (others.length === made.length)
          throw new RequestError("not_found", `no budget ${id} is known`);
        return others;
      }),
    async refresh() {
      const before = version;
      await read();
      if (version !== before) apply();
    },
    configure(config) {
      budget.applyConfig({ ...config, budgets: inForce(config.budgets) });
      configured = config.budgets;
      ({ guards } = config);
    },
  };
}

function parse(written: object): Policy {
  try {
    const [policy] = parsePolicies([written]);
    if (policy !== undefined) return policy;
  } catch (error) {
    if (!isTollgateError(error)) throw error;
    throw new RequestError("invalid", error.message);
  }
  throw new Error("a policy that was parsed is none");
}

/** A tenant's budgets count its own calls alone. */
function checkTenant({ organization }: Caller, policy: Policy): void {
  if (organization === undefined || policy.match.organization === organization) return;
  throw new RequestError(
    "forbidden",
    `${policy.id} is not of ${organization} alone; write match: { "organization": "${organization}" }`,
  );
}
