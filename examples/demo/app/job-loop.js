// A worker: takes jobs from stdin, one JSON line each, and answers each with a line on stdout.
import { createInterface } from "node:readline";

export async function runJobs(handle) {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === "") continue;
    const job = JSON.parse(line);
    process.stdout.write(`${JSON.stringify(await finish(job, handle))}\n`);
  }
}

async function finish(job, handle) {
  try {
    return { id: job.id, ok: true, answer: await handle(job) };
  } catch (error) {
    return { id: job.id, ok: false, status: error.status, error: error.message };
  }
}
