/**
 * Resolves at the first SIGTERM or SIGINT. From then on a second one ends the process at once, as one does that nobody listens to.
 */
export async function untilStopped(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  const signals: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT"];
  for (const signal of signals) process.on(signal, resolve);
  const first = await promise;
  for (const signal of signals) process.off(signal, resolve);
  return first;
}
