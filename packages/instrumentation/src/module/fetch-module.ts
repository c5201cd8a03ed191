import { InstrumentationNodeModuleDefinition } from "@opentelemetry/instrumentation";
import type { CallMeter } from "../fetch/metered-fetch.ts";
import {
  isModuleFetch,
  isResponseClass,
  type ModuleFetch,
  type ModuleFetchClient,
  type ModuleResponseClass,
} from "./module-fetch.ts";

export interface FetchModule {
  readonly name: string;
  readonly versions: string[];
  /** The member that is the fetch. */
  readonly exportName: string;
  createClient(responseClass: ModuleResponseClass): ModuleFetchClient;
}

/**
 * Meters the fetch that a module exports, for `require` and `import` alike.
 *
 * @param meter - asked at the first call: hooks are made before there is one.
 */
export function createFetchModuleHook(
  module: FetchModule,
  meter: () => CallMeter,
): InstrumentationNodeModuleDefinition {
  const wrapped = new WeakMap<object, ModuleFetch>();
  let active = false;

  const wrap = (original: ModuleFetch, client: ModuleFetchClient): ModuleFetch => {
    const known = wrapped.get(original);
    if (known !== undefined) return known;
    let metered: ModuleFetch | undefined;
    // A proxy, so that what an app sets on the function reaches the original.
    const proxy: ModuleFetch = new Proxy(original, {
      apply(target, self, args: Parameters<ModuleFetch>) {
        if (!active) return Reflect.apply(target, self, args);
        metered ??= meter().wrapClient(original, client);
        return metered(args[0], args[1]);
      },
      get(target, key, receiver) {
        const value: unknown = Reflect.get(target, key, receiver);
        return value === target ? proxy : value;
      },
    });
    wrapped.set(original, proxy);
    // Seen again by the other hook, it stays what it is.
    wrapped.set(proxy, proxy);
    return proxy;
  };

  const patch = (exports: unknown): unknown => {
    const holder = exports;
    if ((typeof holder !== "object" && typeof holder !== "function") || holder === null) {
      return exports;
    }
    active = true;
    const responseClass: unknown = Reflect.get(holder, "Response");
    if (!isResponseClass(responseClass)) return exports;
    const client = module.createClient(responseClass);
    if (isModuleFetch(holder)) return wrap(holder, client);
    const fetch: unknown = Reflect.get(holder, module.exportName);
    if (!isModuleFetch(fetch)) return exports;
    const replacement = wrap(fetch, client);
    if (Reflect.set(holder, module.exportName, replacement)) {
      patchDefault(holder, fetch, module.exportName, replacement);
      return exports;
    }
    // The namespace of an ES module that was required cannot be changed.
    return { ...holder, [module.exportName]: replacement, __esModule: true };
  };

  const unpatch = (): void => {
    active = false;
  };

  return new InstrumentationNodeModuleDefinition(module.name, module.versions, patch, unpatch);
}

/** Importing a CommonJS module gives its whole exports as the default. */
function patchDefault(
  namespace: object,
  original: ModuleFetch,
  exportName: string,
  replacement: ModuleFetch,
): void {
  const whole: unknown = Reflect.get(namespace, "default");
  if (typeof whole !== "object" || whole === null) return;
  if (Reflect.get(whole, exportName) === original) Reflect.set(whole, exportName, replacement);
}
