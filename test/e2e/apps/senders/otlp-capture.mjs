/** What `capture.mjs` gives to senders, for apps whose spans go to a collector. */
import { provider } from "../otlp-tracing.mjs";

export { provider };
export const attempt = async (call) => call().catch(() => undefined);
export const printSpans = () => provider.shutdown();
