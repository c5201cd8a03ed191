import type { Framing } from "./api-codec.ts";
import { readLimit, type Asked } from "./asked.ts";
import { eventStreamMessage } from "./event-stream.ts";
import { scriptedError, type ErrorKind, type ProviderError } from "./provider-error.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import type { ReplyScript } from "./script.ts";

/** Bedrock's streams: binary messages. What ends one in its middle is named an exception. */
export const BEDROCK_FRAMING: Framing = {
  contentType: "application/vnd.amazon.eventstream",
  format: ({ event = "chunk", data }) =>
    eventStreamMessage(event, data, event.endsWith("Exception") ? "exception" : "event"),
};

/** Source: docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html. */
const BEDROCK_ERRORS: Readonly<Record<number, ErrorKind>> = {
  400: {
    type: "ValidationException",
    code: null,
    message: "The provided model identifier is invalid.",
  },
  401: {
    type: "UnrecognizedClientException",
    code: null,
    message: "The security token included in the request is invalid.",
  },
  403: {
    type: "AccessDeniedException",
    code: null,
    message: "You don't have access to the model with the specified model ID.",
  },
  404: {
    type: "ResourceNotFoundException",
    code: null,
    message: "Could not resolve the foundation model from the provided model identifier.",
  },
  429: {
    type: "ThrottlingException",
    code: null,
    message: "Too many requests, please wait before trying again.",
  },
  500: {
    type: "InternalServerException",
    code: null,
    message:
      "The system encountered an unexpected error during processing. Try your request again.",
  },
  503: {
    type: "ServiceUnavailableException",
    code: null,
    message: "Bedrock is unable to process your request.",
  },
};

export function bedrockError(script: ReplyScript, status: number): ProviderError {
  return scriptedError(script, status, BEDROCK_ERRORS);
}

/** A UUID. Names the exchange in every answer of AWS. */
export function bedrockHeaders(): Readonly<Record<string, string>> {
  return { "x-amzn-requestid": crypto.randomUUID() };
}

/** What AWS's clients name the exception by; the body has only the message. */
export function bedrockErrorHeaders({ type }: ProviderError): Readonly<Record<string, string>> {
  const service = "http://internal.amazon.com/coral/com.amazon.bedrock/";
  return { "x-amzn-errortype": `${type}:${service}` };
}

export function bedrockErrorBody({ message }: ProviderError): string {
  return JSON.stringify({ message });
}

/** Exceptions inside of a stream begin with a small letter. */
export function bedrockStreamError({ type, message }: ProviderError): {
  readonly event: string;
  readonly data: string;
  readonly chunk: boolean;
} {
  const event = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  return { event, data: JSON.stringify({ message }), chunk: false };
}

/** `/model/{id}/{action}`, the id percent-encoded; `-stream` at the end of an action means a stream. */
export function readBedrockAsked({ path }: RecordedRequest, limit: unknown): Asked {
  const [, model = "unknown", action = ""] = MODEL_PATH.exec(path.split("?", 1)[0] ?? "") ?? [];
  return {
    model: decodeURIComponent(model),
    streaming: action.endsWith("-stream"),
    outputLimitTokens: readLimit(limit),
  };
}

const MODEL_PATH = /^\/model\/(.+)\/([^/]+)$/;
