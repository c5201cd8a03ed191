import { UNPRICED, type CallCost } from "@tollgate/core";
import type { Pricer } from "@tollgate/pricing";
import { diag } from "@opentelemetry/api";

/**
 * A pricer whose nonsense is no price: budgets count in whole nano-dollars, and a NaN or an infinity in one
 * of them would stay there.
 */
export function checkedPricer(pricer: Pricer): Pricer {
  return {
    ...pricer,
    priceCall(usage, call) {
      try {
        const cost = pricer.priceCall(usage, call);
        return isAmount(cost.totalNanoUsd) ? cost : notPriced(cost);
      } catch (error) {
        diag.error("tollgate: pricing a call failed", error);
        return UNPRICED;
      }
    },
    priceBound(call) {
      const bound = pricer.priceBound(call);
      return isAmount(bound) ? bound : undefined;
    },
  };
}

function isAmount(nanoUsd: number | undefined): boolean {
  return nanoUsd === undefined || (Number.isSafeInteger(nanoUsd) && nanoUsd >= 0);
}

function notPriced({ totalNanoUsd }: CallCost): CallCost {
  diag.error(`tollgate: ${totalNanoUsd} nano-USD is no price of a call, it counts as unpriced`);
  return UNPRICED;
}
