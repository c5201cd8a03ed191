import { createInterface } from "node:readline";

const waiting = new Map();
const arrived = new Set();
let listening = false;

/** Resolves when the provider has the first request of a scenario, which it says on our stdin. */
export function requestArrived(scenario) {
  listen();
  if (arrived.has(scenario)) return Promise.resolve();
  return new Promise((resolve) => waiting.set(scenario, resolve));
}

function listen() {
  if (listening) return;
  listening = true;
  createInterface({ input: process.stdin }).on("line", (scenario) => {
    arrived.add(scenario);
    waiting.get(scenario)?.();
  });
}
