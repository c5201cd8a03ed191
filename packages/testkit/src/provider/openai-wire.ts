import { OPENAI_ERRORS, scriptedError, type ProviderError } from "./provider-error.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import { freshId, type Reply } from "./reply.ts";
import type { ReplyScript } from "./script.ts";

/** Headers of api.openai.com, both APIs. */
export function openaiHeaders(requestId: string): Readonly<Record<string, string>> {
  return {
    "openai-organization": "fake-provider",
    "openai-processing-ms": "12",
    "openai-version": "2020-10-01",
    "x-ratelimit-limit-requests": "10000",
    "x-ratelimit-limit-tokens": "30000000",
    "x-ratelimit-remaining-requests": "9999",
    "x-ratelimit-remaining-tokens": "29999980",
    "x-ratelimit-reset-requests": "6ms",
    "x-ratelimit-reset-tokens": "0s",
    "x-request-id": requestId,
  };
}

export function openaiError(script: ReplyScript, status: number): ProviderError {
  return scriptedError(script, status, OPENAI_ERRORS);
}

/** The error object, as it stands in bodies and in events. */
export function openaiErrorObject({ message, type, param, code }: ProviderError): object {
  return { message, type, param, code };
}

export function openaiErrorBody(error: ProviderError): string {
  return `${JSON.stringify({ error: openaiErrorObject(error) }, undefined, 2)}\n`;
}

export function missingModel(request: RecordedRequest): ProviderError | undefined {
  if (typeof request.body["model"] === "string") return undefined;
  return {
    status: 400,
    type: "invalid_request_error",
    code: null,
    param: null,
    message: "you must provide a model parameter",
  };
}

/** Random padding that OpenAI adds to stream events unless asked not to. */
export function obfuscation(
  reply: Reply,
  streamOptions: Readonly<Record<string, unknown>>,
): object {
  if (streamOptions["include_obfuscation"] === false) return {};
  return { obfuscation: freshId("").slice(0, 1 + (reply.pieces.length % 14)) };
}
