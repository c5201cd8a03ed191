/** Bytes of live objects and of buffers outside of the heap, after what is garbage has gone. */
export async function liveBytes(): Promise<number> {
  // Finalisers and weak references let go only between two collections.
  for (let count = 0; count < 4; count++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
