import {
  BUDGET_EXCEEDED_CODE,
  describeRefusal,
  refusalMarker,
  type BudgetRefusal,
} from "@tollgate/core";

/**
 * A refusal as Google's APIs say errors.
 *
 * @see https://cloud.google.com/apis/design/errors#http_mapping
 */
export function googleRefusal(refusal: BudgetRefusal): object {
  const reason = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason: BUDGET_EXCEEDED_CODE,
    domain: "tollgate",
    tollgate: refusalMarker(refusal),
  };
  const message = describeRefusal(refusal);
  return { error: { code: 402, message, status: BUDGET_EXCEEDED_CODE, details: [reason] } };
}
