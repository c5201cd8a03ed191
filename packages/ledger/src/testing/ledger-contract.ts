import { afterEach, describe, expect, test } from "vitest";
import type { Ledger } from "../ledger.ts";
import { describeBooking } from "./contract/booking.ts";
import type { ContractTest } from "./contract/contract-test.ts";
import { describeDocuments } from "./contract/documents.ts";
import { describePages } from "./contract/pages.ts";
import { describeSums } from "./contract/sums.ts";
import { NOON_MS, type OpenLedger } from "./ledger-fixture.ts";

/**
 * What every ledger does, as tests for vitest: the whole test of a new one.
 *
 * @param open - makes an empty ledger, each time another
 */
export function describeLedgerContract(name: string, open: OpenLedger): void {
  describe(`the ledger contract: ${name}`, () => {
    const opened: Ledger[] = [];
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((ledger) => ledger.close()));
    });

    const fact: ContractTest = (words, run, rollUpLimits) => {
      // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- facts are stated by who calls
      test(words, { timeout: 60_000 }, async () => {
        const clock = fixedClock();
        const ledger = await open({ clock, ...(rollUpLimits && { rollUpLimits }) });
        opened.push(ledger);
        await run({ ledger, clock });
      });
    };

    describeBooking(fact);
    describePages(fact);
    describeSums(fact);
    describeDocuments(fact);

    fact("says that it is away once it is closed", async ({ ledger }) => {
      await ledger.close();
      await ledger.close();
      const code = "TOLLGATE_STORE_UNAVAILABLE";
      await expect(ledger.record([])).rejects.toMatchObject({ code });
      await expect(ledger.summary({})).rejects.toMatchObject({ code });
    });
  });
}

/** A day after the events. */
function fixedClock() {
  const now = NOON_MS + 86_400_000;
  return { now: () => now, monotonic: () => 0, sleep: () => Promise.resolve() };
}
