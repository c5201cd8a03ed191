import { cannedResponse } from "../canned/answers.ts";
import { compareLanes } from "../compare-lanes.ts";
import { inspectLanes } from "../lanes/inspect.ts";
import { TOLLGATE } from "../lanes/instrumented.ts";
import { lanesWithPeers } from "../lanes/openai-lanes.ts";
import type { Table } from "../table.ts";

export const responses: Table = compareLanes({
  name: "responses",
  title: "responses",
  per: "call",
  runsPerRound: 400,
  lanes: () =>
    lanesWithPeers({
      fetch: cannedResponse,
      work: (client) =>
        client.responses.create({
          model: "gpt-4o-mini",
          max_output_tokens: 200,
          input: "Say something about a fox.",
        }),
    }),
  inspect: inspectLanes,
  targets: [{ what: "responses", row: TOLLGATE, column: "ratio", atMost: 1.25, unit: "×" }],
});
