import {
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stateDirectory } from "./workspace.mjs";

const lock = join(stateDirectory, "lock");
/** Held for the moment in which a dead owner's lock is removed, so that nobody removes a new one. */
const removal = join(stateDirectory, "lock-removal");
const ownerFile = join(lock, "owner");

const BEAT_MS = 1_000;
/** A living owner is never this late; one in another container has no process id to look at. */
const STALE_AFTER_MS = 30_000;
const POLL_MS = 100;
const SAY_AFTER_MS = 1_000;

/** Makes a folder; false when there is one already. */
function tryMakeFolder(path) {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function ownerIsDead() {
  let owner;
  try {
    owner = JSON.parse(readFileSync(ownerFile, "utf8"));
  } catch {
    return false;
  }
  if (owner.host !== hostname()) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

const isStale = () => ageMs(lock) > STALE_AFTER_MS || ownerIsDead();

function removeWhenStale() {
  if (!isStale()) return;
  if (!tryMakeFolder(removal)) {
    if (ageMs(removal) > STALE_AFTER_MS) rmdirSync(removal);
    return;
  }
  try {
    if (isStale()) rmSync(lock, { recursive: true, force: true });
  } finally {
    rmdirSync(removal);
  }
}

async function acquire() {
  mkdirSync(stateDirectory, { recursive: true });
  const startMs = performance.now();
  let said = false;
  while (!tryMakeFolder(lock)) {
    removeWhenStale();
    if (!said && performance.now() - startMs > SAY_AFTER_MS) {
      said = true;
      process.stderr.write("Waiting for another npm start or npm test to install and build …\n");
    }
    await sleep(POLL_MS);
  }
  writeFileSync(ownerFile, JSON.stringify({ pid: process.pid, host: hostname() }));
}

function beat() {
  try {
    const now = new Date();
    utimesSync(lock, now, now);
  } catch {
    // Gone with node_modules: there is nothing left to keep alive.
  }
}

/** Runs `work` while no other process on this checkout does. A dead owner's lock is taken over. */
export async function withLock(work) {
  await acquire();
  const timer = setInterval(beat, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    rmSync(lock, { recursive: true, force: true });
  }
}
