import { cannedChat } from "../canned/answers.ts";
import { compareLanes } from "../compare-lanes.ts";
import { inspectLanes } from "../lanes/inspect.ts";
import { BARE, lanesWithPeers, SPANS_OFF, TOLLGATE } from "../lanes/openai-lanes.ts";
import type { Table } from "../table.ts";

const messages = [{ role: "user" as const, content: "Say something about a fox." }];

export const chat: Table = compareLanes({
  name: "chat",
  title: "chat",
  per: "call",
  runsPerRound: 400,
  lanes: () =>
    lanesWithPeers({
      fetch: cannedChat,
      work: (client) =>
        client.chat.completions.create({ model: "gpt-4o-mini", max_tokens: 200, messages }),
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
