import type { Table } from "../table.ts";
import { chat } from "./chat.ts";
import { responses } from "./responses.ts";
import { stream } from "./stream.ts";

/** In the order of the report; a new table is one file and one line here. */
export const TABLES: readonly Table[] = [chat, stream, responses];
