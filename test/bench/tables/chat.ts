import { cannedChat } from "../canned/answers.ts";
import { CHAT_REQUEST } from "../canned/requests.ts";
import { compareLanes } from "../compare-lanes.ts";
import { inspectLanes } from "../lanes/inspect.ts";
import { BARE, SPANS_OFF, TOLLGATE } from "../lanes/instrumented.ts";
import { lanesWithPeers } from "../lanes/openai-lanes.ts";
import type { Table } from "../table.ts";

export const chat: Table = compareLanes({
  name: "chat",
  title: "chat",
  per: "call",
  runsPerRound: 400,
  lanes: () =>
    lanesWithPeers({
      fetch: cannedChat,
      work: (client) => client.chat.completions.create(CHAT_REQUEST),
    }),
  inspect: inspectLanes,
  targets: [
    { what: "chat", row: TOLLGATE, column: "ratio", atMost: 1.25, unit: "×" },
    { what: "chat, spans off", row: SPANS_OFF, column: "ratio", atMost: 1.08, unit: "×" },
    {
      what: "above a bare span and three histograms",
      row: TOLLGATE,
      column: "p10",
      minus: BARE,
      atMost: 3,
      unit: "µs",
    },
  ],
});
