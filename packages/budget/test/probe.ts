import { openSqliteStore } from "../src/sqlite/index.ts";
import { counter, hold } from "../src/testing/store-fixture.ts";
import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
const path = "/tmp/w1x/seq.db";
for (const s of ["", "-wal", "-shm"]) rmSync(path + s, { force: true });
const store = openSqliteStore({ path });
const counters = [1,2,3,4].map((n) => counter({ budget: `b${n}`, limit: 1e15, alertAmounts: [5e14, 8e14, 9.5e14] }));
let n = 0;
async function call(): Promise<void> {
  const id = `lease-${process.pid}-${n++}-abcdefgh`;
  await store.reserve({ leaseId: id, ttlMs: 60000, holds: counters.map((c) => hold(c, 1000)) });
  await store.settle(id, [700, 700, 700, 700]);
}
const bp = "/tmp/w1x/bare.db"; for (const s of ["", "-wal", "-shm"]) rmSync(bp + s, { force: true });
const db = new DatabaseSync(bp);
db.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; create table t(id integer primary key, a real, b real)");
for (let i = 0; i < 4; i++) db.exec(`insert into t values(${i},0,0)`);
const u = db.prepare("update t set a=a+? where id=?"), bg = db.prepare("BEGIN IMMEDIATE"), cm = db.prepare("COMMIT");
function bare(k: number): void { for (let t = 0; t < 2; t++) { bg.run(); for (let j = 0; j < k; j++) u.run(1, j); cm.run(); } }
for (let round = 0; round < 4; round++) {
  const res: string[] = [];
  for (const [name, f] of [["bare4", () => bare(4)], ["bare1", () => bare(1)], ["seq", call]] as const) {
    const t = performance.now(); let c = 0; const cpu = process.cpuUsage();
    while (performance.now() - t < 1000) { await f(); c++; }
    const used = process.cpuUsage(cpu);
    res.push(`${name} ${((performance.now() - t) / c * 1000).toFixed(0)}us cpu ${((used.user+used.system) / c).toFixed(0)}`);
  }
  const t = performance.now(); let c = 0;
  while (performance.now() - t < 1000) { await Promise.all(Array.from({ length: 64 }, call)); c += 64; }
  res.push(`64 conc ${((performance.now() - t) / c * 1000).toFixed(0)}us`);
  console.log(res.join("  "));
}
await store.close();
