import { diag } from "@opentelemetry/api";
import type { Ledger } from "@tollgate/ledger";

/** Whether work would be taken now. */
export interface Readiness {
  /** Takes work, and remembers whether the ledger took it. */
  watch(take: () => Promise<void>): Promise<void>;
  /** Asks the ledger to answer, and to write where it did not take what came last: a full disk can still be read. */
  isReady(): Promise<boolean>;
}

/** Whoever asks does not wait for longer. */
const ANSWER_MS = 2_000;

/** @param id - unique to this process. */
export function createReadiness(
  ledger: Pick<Ledger, "documents" | "putDocuments">,
  id: string,
): Readiness {
  const key = `probe:${id}`;
  let hasFailed = false;

  async function probe(): Promise<boolean> {
    const found = await ledger.documents([key]);
    if (!hasFailed) return true;
    const ifVersion = found.get(key)?.version ?? 0;
    // "Conflict" is an answer too: another probe has written it.
    await ledger.putDocuments([{ key, value: null, ifVersion }]);
    hasFailed = false;
    return true;
  }

  return {
    async watch(take) {
      try {
        await take();
        hasFailed = false;
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    },
    isReady() {
      const answered = probe().catch((error: unknown) => {
        diag.debug("tollgate: the ledger does not answer", error);
        return false;
      });
      return Promise.race([answered, afterwards()]);
    },
  };
}

function afterwards(): Promise<boolean> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), ANSWER_MS).unref();
  });
}
