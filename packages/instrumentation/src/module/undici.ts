import { tapResponse } from "../tap/tap-response.ts";
import type { FetchModule } from "./fetch-module.ts";
import { createModuleFetchClient } from "./module-fetch.ts";
import { UNDICI } from "./module-names.ts";

/** The `fetch` that undici exports, whose classes are not the global ones. */
export const undiciModule: FetchModule = {
  name: UNDICI,
  versions: [">=5.0.0 <9"],
  exportName: "fetch",
  createClient: (Response) =>
    createModuleFetchClient({
      tap: tapResponse,
      refuse({ status, headers, body }, url) {
        const response = new Response(body, { status, statusText: "Payment Required", headers });
        return Object.defineProperty(response, "url", { value: url });
      },
    }),
};
