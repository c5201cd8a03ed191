import { scriptedError, type ErrorKind, type ProviderError } from "./provider-error.ts";
import type { ReplyScript } from "./script.ts";

/** Headers of generativelanguage.googleapis.com. */
export const GOOGLE_HEADERS: Readonly<Record<string, string>> = {
  vary: "Origin, X-Origin, Referer",
  server: "scaffolding on HTTPServer2",
  "x-xss-protection": "0",
  "x-frame-options": "SAMEORIGIN",
  "x-content-type-options": "nosniff",
};

/** Source: cloud.google.com/apis/design/errors; the words go into `status`. */
const GOOGLE_ERRORS: Readonly<Record<number, ErrorKind>> = {
  400: { type: "INVALID_ARGUMENT", code: null, message: "Request contains an invalid argument." },
  401: {
    type: "UNAUTHENTICATED",
    code: null,
    message: "Request had invalid authentication credentials.",
  },
  403: { type: "PERMISSION_DENIED", code: null, message: "The caller does not have permission" },
  404: { type: "NOT_FOUND", code: null, message: "Requested entity was not found." },
  429: {
    type: "RESOURCE_EXHAUSTED",
    code: null,
    message: "You exceeded your current quota, please check your plan.",
  },
  500: { type: "INTERNAL", code: null, message: "An internal error has occurred." },
  503: { type: "UNAVAILABLE", code: null, message: "The model is overloaded." },
};

export function googleError(script: ReplyScript, status: number): ProviderError {
  return scriptedError(script, status, GOOGLE_ERRORS);
}

export function googleErrorObject({ status, type, message }: ProviderError): object {
  return { error: { code: status, message, status: type } };
}
