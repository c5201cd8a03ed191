/** One table in a process of its own: `node --expose-gc table-process.ts NAME ROUNDS`, started by run-table.ts. */
import { TABLES } from "./tables/index.ts";

const [name, rounds] = process.argv.slice(2);
const table = TABLES.find((each) => each.name === name);
if (table === undefined || process.send === undefined) {
  throw new Error("started by pnpm bench only");
}
const result = await table.run({ rounds: Number(rounds) });
process.send(result, () => process.disconnect());
