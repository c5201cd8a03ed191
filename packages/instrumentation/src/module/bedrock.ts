import { InstrumentationNodeModuleDefinition } from "@opentelemetry/instrumentation";
import type { CallMeter } from "../fetch/metered-fetch.ts";
import { guarded } from "../tap/guarded.ts";
import { BEDROCK_RUNTIME } from "./module-names.ts";
import {
  isSmithyCall,
  smithyClient,
  type SmithyCall,
  type SmithyContext,
  type SmithyResult,
} from "./smithy-client.ts";
import { watchOutput } from "./smithy-output.ts";

type Next = (args: SmithyCall) => Promise<SmithyResult>;
type Middleware = (
  next: Next,
  context: SmithyContext,
) => (args: SmithyCall) => Promise<SmithyResult>;

/** The last step before the HTTP handler: each retry passes it, and it sees bytes in both directions. */
const BELOW_DESERIALIZER = { step: "deserialize", priority: "low" };
const ABOVE_DESERIALIZER = { step: "deserialize", priority: "high" };

const outputMiddleware: Middleware = (next) => async (args) => {
  const result = await next(args);
  guarded("watching an output", () => watchOutput(result.response.body, result.output));
  return result;
};

/**
 * Meters the AWS SDK's Bedrock client, which brings an HTTP/2 client of its own, by a middleware in each
 * client's stack.
 *
 * @param meter - asked at the first call.
 */
export function createBedrockHook(meter: () => CallMeter): InstrumentationNodeModuleDefinition {
  const restores = new Map<object, () => void>();
  const stacks = new WeakSet<object>();
  let active = false;

  const middleware: Middleware = (next, context) => {
    let metered: ((args: SmithyCall, context: SmithyContext) => Promise<SmithyResult>) | undefined;
    return (args) => {
      if (!active || !isSmithyCall(args)) return next(args);
      metered ??= meter().wrapClient((call: SmithyCall) => next(call), smithyClient);
      return metered(args, context);
    };
  };

  const addTo = (client: unknown): void => {
    const stack = memberOf(client, "middlewareStack");
    const add = memberOf(stack, "add");
    if (typeof stack !== "object" || stack === null || typeof add !== "function") return;
    if (stacks.has(stack)) return;
    stacks.add(stack);
    add.call(stack, middleware, BELOW_DESERIALIZER);
    add.call(stack, outputMiddleware, ABOVE_DESERIALIZER);
  };

  const patch = (exports: unknown): unknown => {
    active = true;
    const prototype = memberOf(memberOf(exports, "BedrockRuntimeClient"), "prototype");
    if (typeof prototype === "object" && prototype !== null && !restores.has(prototype)) {
      const restore = replaceSend(prototype, addTo);
      if (restore) restores.set(prototype, restore);
    }
    return exports;
  };

  const unpatch = (): void => {
    active = false;
    for (const restore of restores.values()) restore();
    restores.clear();
  };

  return new InstrumentationNodeModuleDefinition(BEDROCK_RUNTIME, [">=3.0.0 <4"], patch, unpatch);
}

/** @returns a function that puts the client's own back, unless somebody has wrapped ours since. */
function replaceSend(
  prototype: object,
  before: (client: unknown) => void,
): (() => void) | undefined {
  const send = memberOf(prototype, "send");
  if (typeof send !== "function") return undefined;
  const own = Object.getOwnPropertyDescriptor(prototype, "send");
  const metered = function (this: unknown, ...args: readonly unknown[]): unknown {
    guarded("adding a middleware", () => before(this));
    return Reflect.apply(send, this, args);
  };
  Object.defineProperty(prototype, "send", { value: metered, writable: true, configurable: true });
  return () => {
    if (memberOf(prototype, "send") !== metered) return;
    if (own) Object.defineProperty(prototype, "send", own);
    else Reflect.deleteProperty(prototype, "send");
  };
}

function memberOf(value: unknown, name: string): unknown {
  const holds = (typeof value === "object" && value !== null) || typeof value === "function";
  return holds ? Reflect.get(value, name) : undefined;
}
