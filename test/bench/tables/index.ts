import type { Table } from "../table.ts";
import { booking } from "./booking.ts";
import { chat } from "./chat.ts";
import { idle } from "./idle.ts";
import { collector } from "./collector.ts";
import { imports } from "./import.ts";
import { injectedUsage } from "./injected-usage.ts";
import { ledger } from "./ledger.ts";
import { ledgerPostgres } from "./ledger-postgres.ts";
import { ledgerYear } from "./ledger-year.ts";
import { longPrompt } from "./long-prompt.ts";
import { memory } from "./memory.ts";
import { parts } from "./parts.ts";
import { passingBy } from "./passing-by.ts";
import { policies } from "./policies.ts";
import { rawFetch } from "./raw-fetch.ts";
import { redis } from "./redis.ts";
import { responses } from "./responses.ts";
import { slices } from "./slices.ts";
import { sqlite } from "./sqlite.ts";
import { stream } from "./stream.ts";

/** In the order of the report; a new table is one file and one line here. */
export const TABLES: readonly Table[] = [
  chat,
  responses,
  stream,
  injectedUsage,
  rawFetch,
  longPrompt,
  passingBy,
  parts,
  policies,
  sqlite,
  slices,
  imports,
  memory,
  redis,
  idle,
  ledger,
  ledgerPostgres,
  ledgerYear,
  collector,
  booking,
];
