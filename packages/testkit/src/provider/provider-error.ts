import type { ReplyScript } from "./script.ts";

/** An error before a provider's own shape is put around it. */
export interface ProviderError {
  readonly status: number;
  readonly type: string;
  /** OpenAI only. */
  readonly code: string | null;
  /** OpenAI only: the request's member that is wrong. */
  readonly param: string | null;
  readonly message: string;
}

/** What a provider says of a status, unless a script says otherwise. */
export type ErrorKind = Pick<ProviderError, "type" | "code" | "message">;

/** Source: platform.openai.com/docs/guides/error-codes and recorded answers. */
export const OPENAI_ERRORS: Readonly<Record<number, ErrorKind>> = {
  400: {
    type: "invalid_request_error",
    code: null,
    message: "Invalid request. Please check the parameters you sent.",
  },
  401: {
    type: "invalid_request_error",
    code: "invalid_api_key",
    message: "Incorrect API key provided.",
  },
  403: {
    type: "invalid_request_error",
    code: "unsupported_country_region_territory",
    message: "Country, region, or territory not supported",
  },
  404: {
    type: "invalid_request_error",
    code: "model_not_found",
    message: "The model does not exist or you do not have access to it.",
  },
  429: {
    type: "requests",
    code: "rate_limit_exceeded",
    message: "Rate limit reached on requests per min (RPM). Please try again in 1s.",
  },
  500: {
    type: "server_error",
    code: null,
    message: "The server had an error while processing your request. Sorry about that!",
  },
  503: {
    type: "server_error",
    code: null,
    message: "The engine is currently overloaded, please try again later.",
  },
};

/** Source: docs.claude.com/en/api/errors. */
export const ANTHROPIC_ERRORS: Readonly<Record<number, ErrorKind>> = {
  400: { type: "invalid_request_error", code: null, message: "Invalid request" },
  401: { type: "authentication_error", code: null, message: "invalid x-api-key" },
  403: {
    type: "permission_error",
    code: null,
    message: "Your API key does not have permission to use the specified resource.",
  },
  404: { type: "not_found_error", code: null, message: "Not found" },
  413: {
    type: "request_too_large",
    code: null,
    message: "Request exceeds the maximum allowed number of bytes.",
  },
  429: {
    type: "rate_limit_error",
    code: null,
    message: "This request would exceed your organization's rate limit.",
  },
  500: { type: "api_error", code: null, message: "Internal server error" },
  529: { type: "overloaded_error", code: null, message: "Overloaded" },
};

const UNKNOWN_KIND: ErrorKind = { type: "api_error", code: null, message: "Unknown error" };

/** The error that a script asks for, with the provider's own words where it says nothing. */
export function scriptedError(
  script: ReplyScript,
  status: number,
  kinds: Readonly<Record<number, ErrorKind>>,
): ProviderError {
  const kind = kinds[status] ?? kinds[status < 500 ? 400 : 500] ?? UNKNOWN_KIND;
  return {
    status,
    type: script.errorType ?? kind.type,
    // The usual code does not go with another type.
    code: script.errorCode ?? (script.errorType === undefined ? kind.code : null),
    param: null,
    message: script.errorMessage ?? kind.message,
  };
}
