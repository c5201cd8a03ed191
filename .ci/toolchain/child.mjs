import { spawn } from "node:child_process";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Ctrl-C in a terminal reaches the child by itself: passing it on would be a second Ctrl-C. */
const hasTerminal = () =>
  [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);

/** npm passes a signal on that we may have received already. */
const REPEAT_WITHIN_MS = 500;

/**
 * Runs a command to its end. Signals that would end this process go to the child instead, once;
 * what to make of the child's end is up to the caller.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, capture?: boolean }} options `capture` collects
 *   what the child prints and gives it no input; otherwise it shares our terminal.
 * @returns {Promise<{ code: number | null, signal: string | null, output: string }>}
 */
export function runChild(command, args, { cwd, env, capture = false }) {
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: capture ? ["ignore", "pipe", "pipe"] : "inherit",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => (output += text));
  }
  const listeners = SIGNALS.map((signal) => {
    let lastMs = Number.NEGATIVE_INFINITY;
    const listener = () => {
      const nowMs = performance.now();
      const repeated = nowMs - lastMs < REPEAT_WITHIN_MS;
      lastMs = nowMs;
      if (!repeated && !(signal === "SIGINT" && hasTerminal())) child.kill(signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, output }));
  }).finally(() => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  });
}

/** Ends this process the way a child ended, so that callers see the code or the signal. */
export function endLike({ code, signal }) {
  if (signal) process.kill(process.pid, signal);
  else process.exitCode = code ?? 1;
}
