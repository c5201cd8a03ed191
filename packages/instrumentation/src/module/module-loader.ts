import { createRequire, register, registerHooks, type LoadHookSync } from "node:module";
import { pathToFileURL } from "node:url";
import { diag } from "@opentelemetry/api";
import { MODULE_NAMES } from "./module-names.ts";
import type { ResolveHook } from "./watch-modules.ts";

const INSTRUMENTATION = "@opentelemetry/instrumentation";
/** What OpenTelemetry builds on, not a dependency of ours. */
const LOADER = "import-in-the-middle";

interface SupportModule {
  supportsSyncHooks(): boolean;
}

interface LoaderModule {
  createHook(meta: { readonly url: string }): {
    applyOptions(options: { readonly include: readonly string[] }): void;
    readonly resolveSync: ResolveHook;
    readonly loadSync: LoadHookSync;
  };
}

/** Asked of OpenTelemetry's own package: another copy of its loader would not know of its hooks. */
const requireLoader = (): NodeJS.Require => createRequire(import.meta.resolve(INSTRUMENTATION));

/** Whether this Node has synchronous hooks in working order. Loads one small file. */
export function hasSyncLoader(): boolean {
  try {
    const support: SupportModule = requireLoader()(`${LOADER}/supports-sync-hooks.mjs`);
    return support.supportsSyncHooks();
  } catch {
    return false;
  }
}

let loaderResolve: ResolveHook | undefined;
let isRegistered = false;

/**
 * Lets hooks see modules that are imported; those that are required need none of this. Only ours
 * are looked at, all others load as ever.
 *
 * @returns the loader's own hook, when it works in this thread.
 */
export function registerModuleLoader(): ResolveHook | undefined {
  if (isRegistered) return loaderResolve;
  isRegistered = true;
  try {
    if (hasSyncLoader()) loaderResolve = registerInThread();
    else registerOffThread();
  } catch (error) {
    diag.error("tollgate: no module hooks for import", error);
  }
  return loaderResolve;
}

/** As the loader's own `register` does, which keeps its hooks to itself. */
function registerInThread(): ResolveHook {
  const require = requireLoader();
  const url = pathToFileURL(require.resolve(`${LOADER}/register-hooks.mjs`)).href;
  const { createHook }: LoaderModule = require(`${LOADER}/create-hook.mjs`);
  const { applyOptions, resolveSync, loadSync } = createHook({ url });
  applyOptions({ include: [...MODULE_NAMES] });
  registerHooks({ resolve: resolveSync, load: loadSync });
  return resolveSync;
}

function registerOffThread(): void {
  register(`${INSTRUMENTATION}/hook.mjs`, import.meta.url, {
    data: { include: [...MODULE_NAMES] },
  });
}
