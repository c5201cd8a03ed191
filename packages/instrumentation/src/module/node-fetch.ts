import { Readable } from "node:stream";
import { tapReadable } from "../tap/tap-readable.ts";
import type { FetchModule } from "./fetch-module.ts";
import { createModuleFetchClient } from "./module-fetch.ts";
import { NODE_FETCH } from "./module-names.ts";

/**
 * node-fetch, which many SDKs used before Node had a fetch. Bodies are Node streams, and `json()`,
 * `text()` and the like read the same stream.
 */
export const nodeFetchModule: FetchModule = {
  name: NODE_FETCH,
  versions: [">=2.0.0 <4"],
  exportName: "default",
  createClient: (Response) =>
    createModuleFetchClient({
      tap: (response, sink) => tapReadable(response.body, sink),
      refuse({ status, headers, body }, url) {
        const stream = Readable.from([Buffer.from(body)]);
        return new Response(stream, { url, status, statusText: "Payment Required", headers });
      },
    }),
};
