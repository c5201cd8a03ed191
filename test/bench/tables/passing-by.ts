import { cannedItems } from "../canned/answers.ts";
import { compareLanes } from "../compare-lanes.ts";
import { fetchLanes } from "../lanes/fetch-lanes.ts";
import { inspectLanes } from "../lanes/inspect.ts";
import { NOISE, none, TOLLGATE, tollgate, UNINSTRUMENTED } from "../lanes/instrumented.ts";
import type { Table } from "../table.ts";

const URL = "https://shop.example/api/v2/items?page=3";
const REQUESTS: readonly (readonly [group: string, init: RequestInit])[] = [
  ["POST", { method: "POST", body: '{"name":"fox"}' }],
  ["GET", { method: "GET" }],
];

/** What requests pay that are no LLM calls. */
export const passingBy: Table = compareLanes({
  name: "passing-by",
  title: "requests that are no LLM calls",
  per: "request",
  runsPerRound: 2_000,
  lanes: () =>
    REQUESTS.flatMap(([group, init]) =>
      fetchLanes([none(UNINSTRUMENTED), none(NOISE), { ...tollgate(TOLLGATE), spans: 0 }], {
        group,
        fetch: cannedItems,
        work: (fetch) => fetch(URL, init),
      }),
    ),
  inspect: inspectLanes,
});
