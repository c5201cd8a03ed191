import type { ClientKind } from "../call/client-kind.ts";
import { tapResponse } from "../tap/tap-response.ts";
import {
  bodyOfRequest,
  methodOfRequest,
  resendCountOfRequest,
  signalOfRequest,
  urlOfRequest,
  withBody,
  withoutBaggage,
  type FetchInit,
  type FetchInput,
} from "./outgoing-request.ts";
import { remakeResponse } from "./remake-response.ts";

/** The runtime's own fetch. */
export const fetchClient: ClientKind<FetchInput, FetchInit, Response> = {
  requests: {
    method: methodOfRequest,
    url: urlOfRequest,
    body: bodyOfRequest,
    resendCount: resendCountOfRequest,
    signal: signalOfRequest,
    withoutBaggage,
    withBody,
  },
  answers: {
    status: (response) => response.status,
    header: (response, name) => response.headers.get(name) ?? undefined,
    tap: tapResponse,
    remake: remakeResponse,
    refuse({ status, headers, body }, url) {
      const response = new Response(body, { status, statusText: "Payment Required", headers });
      // A response that was not fetched has no URL; error messages of clients show it.
      return Object.defineProperty(response, "url", { value: url });
    },
  },
};
