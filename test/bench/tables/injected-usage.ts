import { cannedStream } from "../canned/answers.ts";
import { readStream } from "../canned/requests.ts";
import { compareLanes } from "../compare-lanes.ts";
import { inspectLanes } from "../lanes/inspect.ts";
import { NOISE, none, tollgate, UNINSTRUMENTED } from "../lanes/instrumented.ts";
import { openAiLanes } from "../lanes/openai-lanes.ts";
import type { Table } from "../table.ts";

/** The app does not ask for usage: Tollgate asks and hides the chunk, or is told not to and estimates. */
export const injectedUsage: Table = compareLanes({
  name: "injected-usage",
  title: "500-chunk stream, usage not asked for",
  per: "call",
  runsPerRound: 12,
  lanes: () =>
    openAiLanes(
      [
        none(UNINSTRUMENTED),
        none(NOISE),
        tollgate("tollgate, asks and hides"),
        tollgate("tollgate, estimates", { injectUsage: false }),
      ],
      {
        fetch: cannedStream,
        work: (client) => readStream(client, { includeUsage: false }),
      },
    ),
  inspect: inspectLanes,
});
