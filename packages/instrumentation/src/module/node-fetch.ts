import { Readable } from "node:stream";
import { fetchClient } from "../fetch/fetch-client.ts";
import { tapReadable } from "../tap/tap-readable.ts";
import type { FetchModule } from "./fetch-module.ts";
import { createModuleFetchClient, type ModuleFetchClient } from "./module-fetch.ts";
import { NODE_FETCH } from "./module-names.ts";

/**
 * node-fetch, which many SDKs used before Node had a fetch. Bodies are Node streams, and `json()`,
 * `text()` and the like read the same stream.
 */
export const nodeFetchModule: FetchModule = {
  name: NODE_FETCH,
  versions: [">=2.0.0 <4"],
  exportName: "default",
  createClient(Response) {
    const client = createModuleFetchClient({
      tap: (response, sink) => tapReadable(response.body, sink),
      refuse({ status, headers, body }, url) {
        const stream = Readable.from([Buffer.from(body)]);
        return new Response(stream, { url, status, statusText: "Payment Required", headers });
      },
    });
    return { ...client, requests: { ...client.requests, body: bodyOf } };
  },
};

const bodyOf: ModuleFetchClient["requests"]["body"] = (input, init) =>
  fetchClient.requests.body(input, init) ??
  (typeof input === "object" && (init?.body ?? undefined) === undefined
    ? keptBody(input)
    : undefined);

/** A `Request` of version 3 shows its body as a stream, which can only be read once, and keeps the bytes. */
function keptBody(request: object): string | undefined {
  const key = Object.getOwnPropertySymbols(request).find(
    ({ description }) => description === "Body internals",
  );
  const internals: unknown = key && Reflect.get(request, key);
  if (typeof internals !== "object" || internals === null) return undefined;
  const body: unknown = Reflect.get(internals, "body");
  return Buffer.isBuffer(body) ? body.toString() : undefined;
}
