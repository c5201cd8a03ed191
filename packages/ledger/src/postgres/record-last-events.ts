/** The thread that writes the last events of a process. */
import { workerData } from "node:worker_threads";
import { openPostgresLedger } from "./postgres-ledger.ts";
import { FAILED, WRITTEN, type LastEvents } from "./record-now.ts";

const { url, schema, events, outcome }: LastEvents = workerData;

async function write(): Promise<number> {
  try {
    const ledger = await openPostgresLedger({ url, schema, maxConnections: 1 });
    await ledger.record(events);
    return WRITTEN;
  } catch {
    return FAILED;
  }
}

Atomics.store(outcome, 0, await write());
Atomics.notify(outcome, 0);
