import { cannedChat } from "../canned/answers.ts";
import { CHAT_REQUEST, CHAT_URL } from "../canned/requests.ts";
import { compareLanes } from "../compare-lanes.ts";
import { fetchLanes } from "../lanes/fetch-lanes.ts";
import { inspectLanes } from "../lanes/inspect.ts";
import {
  BARE_SPAN,
  NOISE,
  none,
  SPANS_OFF,
  TOLLGATE,
  tollgate,
  UNINSTRUMENTED,
} from "../lanes/instrumented.ts";
import type { Table } from "../table.ts";

/** Without a client the call itself is cheap, and the app's own json() saves the second parse. */
export const rawFetch: Table = compareLanes({
  name: "raw-fetch",
  title: "chat by fetch and json()",
  per: "call",
  runsPerRound: 600,
  lanes: () =>
    fetchLanes(
      [
        none(UNINSTRUMENTED),
        none(NOISE),
        BARE_SPAN,
        tollgate(TOLLGATE),
        tollgate(SPANS_OFF, { spans: false }),
      ],
      {
        group: "fetch",
        fetch: cannedChat,
        async work(fetch) {
          const response = await fetch(CHAT_URL, {
            method: "POST",
            headers: { "content-type": "application/json", authorization: "Bearer sk-bench" },
            body: JSON.stringify(CHAT_REQUEST),
          });
          return response.json();
        },
      },
    ),
  inspect: inspectLanes,
});
