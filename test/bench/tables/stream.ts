import { cannedStream } from "../canned/answers.ts";
import { readStream } from "../canned/requests.ts";
import { compareLanes } from "../compare-lanes.ts";
import { inspectLanes } from "../lanes/inspect.ts";
import { TOLLGATE } from "../lanes/instrumented.ts";
import { lanesWithPeers } from "../lanes/openai-lanes.ts";
import type { Table } from "../table.ts";

export const stream: Table = compareLanes({
  name: "stream",
  title: "500-chunk stream",
  per: "call",
  runsPerRound: 12,
  lanes: () =>
    lanesWithPeers({
      fetch: cannedStream,
      work: (client) => readStream(client, { includeUsage: true }),
    }),
  inspect: inspectLanes,
  targets: [{ what: "500-chunk stream", row: TOLLGATE, column: "ratio", atMost: 1.03, unit: "×" }],
});
