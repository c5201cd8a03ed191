/** Why a request is not taken. */
export type Refusal =
  | "undecodable"
  | "unauthenticated"
  | "forbidden"
  | "method_not_allowed"
  | "too_slow"
  | "too_large"
  | "unsupported"
  | "busy"
  | "unavailable";

export type Refused = {
  readonly accepted: false;
  readonly refusal: Refusal;
  readonly reason: string;
  /** When the sender should come again; `undefined` where that would not help. */
  readonly retryAfterMs?: number | undefined;
};

/** What a sender is told. */
export type Answer =
  | {
      readonly accepted: true;
      /** Records that were not taken; the sender should not send them again. */
      readonly rejected: number;
      /** Why; "" when none was. */
      readonly reason: string;
    }
  | Refused;

/**
 * The answers of the two transports. OTLP (opentelemetry-proto, docs/specification.md): HTTP 429 and 503 are sent again,
 * 4xx else are not; gRPC UNAVAILABLE is sent again, RESOURCE_EXHAUSTED only with a RetryInfo. Codes: google.rpc.Code.
 */
export const ANSWER_CODES: Readonly<
  Record<Refusal, { readonly http: number; readonly grpc: number }>
> = {
  undecodable: { http: 400, grpc: 3 },
  unauthenticated: { http: 401, grpc: 16 },
  forbidden: { http: 403, grpc: 7 },
  method_not_allowed: { http: 405, grpc: 12 },
  too_slow: { http: 408, grpc: 4 },
  too_large: { http: 413, grpc: 8 },
  unsupported: { http: 415, grpc: 12 },
  busy: { http: 429, grpc: 8 },
  unavailable: { http: 503, grpc: 14 },
};

export function refuse(refusal: Refusal, reason: string, retryAfterMs?: number): Refused {
  return { accepted: false, refusal, reason, retryAfterMs };
}

/** How telemetry names an answer. */
export function outcomeOf(answer: Answer): "accepted" | "partial" | Refusal {
  if (!answer.accepted) return answer.refusal;
  return answer.rejected > 0 ? "partial" : "accepted";
}
