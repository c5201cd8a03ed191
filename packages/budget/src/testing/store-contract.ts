import { describe } from "vitest";
import { describeControls } from "./contract/controls.ts";
import { describeDryRun } from "./contract/dry-run.ts";
import { describeLeases } from "./contract/leases.ts";
import { describeReserve } from "./contract/reserve.ts";
import { describeThresholds } from "./contract/thresholds.ts";
import { describeTopUps } from "./contract/top-ups.ts";
import { describeWindows } from "./contract/windows.ts";
import type { OpenStore } from "./store-fixture.ts";

/**
 * Everything a budget store must do, as a Vitest suite: the whole test of a driver. There is nothing to
 * opt out of.
 *
 * @param name - names the store in the report.
 * @param open - opens an empty store for every test, with the clock it must follow.
 *
 * @example describeStoreContract("memory", ({ clock }) => createMemoryStore({ clock }));
 */
export function describeStoreContract(name: string, open: OpenStore): void {
  describe(`budget store: ${name}`, () => {
    describeReserve(open);
    describeLeases(open);
    describeWindows(open);
    describeThresholds(open);
    describeControls(open);
    describeTopUps(open);
    describeDryRun(open);
  });
}
