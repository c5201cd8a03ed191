import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
function variant(name: string, pageSize: number, lease: "none"|"plain"|"index"|"rowid", extra = "", sync="FULL") {
  const bp = `/tmp/w1x/v${lease}.db`; for (const s of ["", "-wal", "-shm"]) rmSync(bp + s, { force: true });
  const db = new DatabaseSync(bp);
  db.exec(`PRAGMA page_size=${pageSize}; PRAGMA journal_mode=WAL; PRAGMA synchronous=${sync}; ${extra}; create table t(id integer primary key, a real, b real, d text)`);
  for (let i = 0; i < 4; i++) db.exec(`insert into t values(${i},0,0,'${"x".repeat(200)}')`);
  if (lease === "rowid") db.exec("create table l(id integer primary key, lid text, e real, p int, h text); create unique index lu on l(lid)");
  else db.exec("create table l(id text primary key, e real, p int, h text) without rowid");
  if (lease === "index") db.exec("create index li on l(e)");
  const u = db.prepare("update t set a=a+? where id=?"), bg = db.prepare("BEGIN IMMEDIATE"), cm = db.prepare("COMMIT");
  const ins = lease === "rowid" ? db.prepare("insert into l(lid,e,p,h) values(?,?,0,?)") : db.prepare("insert into l values(?,?,0,?)"), del = lease === "rowid" ? db.prepare("delete from l where lid=?") : db.prepare("delete from l where id=?");
  let n = 0;
  const pair = () => {
    const id = `lease-${n++}-abcdefgh`;
    bg.run(); for (let j = 0; j < 4; j++) u.run(1, j); if (lease !== "none") ins.run(id, n, "[[1,1000],[2,1000],[3,1000],[4,1000]]"); cm.run();
    bg.run(); for (let j = 0; j < 4; j++) u.run(1, j); if (lease !== "none") del.run(id); cm.run();
  };
  for (let i = 0; i < 200; i++) pair();
  return { name, pair, t: [] as number[] };
}

const v = variant("", 4096, "index"); const b = variant("", 4096, "none");
const imm = () => new Promise<void>((r) => setImmediate(r));
import { openSqliteStore } from "../src/sqlite/index.ts";
import { counter, hold } from "../src/testing/store-fixture.ts";
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
const lanes: Record<string, () => Promise<void>|void> = { ours: call };
for (let r = 0; r < 12; r++) { const out = []; for (const [name, f] of Object.entries(lanes)) { const t = performance.now(); const cpu = process.cpuUsage(); let c = 0; while (performance.now() - t < 500) { await f(); c++; } const u = process.cpuUsage(cpu); out.push(`${name} ${((performance.now() - t) / c * 1000).toFixed(0)} u${(u.user/c).toFixed(0)} s${(u.system / c).toFixed(0)}`); } console.log(out.join("   ")); }
await store.close();
