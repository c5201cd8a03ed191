import { createRequire, register } from "node:module";
import { diag } from "@opentelemetry/api";

const INSTRUMENTATION = "@opentelemetry/instrumentation";
/** What OpenTelemetry builds on, not a dependency of ours. */
const SYNC_LOADER = "import-in-the-middle/register-hooks.mjs";

let registered = false;

/**
 * Lets hooks see modules that are imported; those that are required need none of this. Only the named
 * ones are looked at, all others load as ever.
 */
export function registerModuleLoader(names: readonly string[]): void {
  if (registered) return;
  registered = true;
  try {
    if (!registerInThread(names)) registerOffThread(names);
  } catch (error) {
    diag.error("tollgate: no module hooks for import", error);
  }
}

/**
 * By synchronous hooks, where this Node has them in working order.
 *
 * The loader is asked of OpenTelemetry's own package: another copy would not know of its hooks.
 */
function registerInThread(names: readonly string[]): boolean {
  const require = createRequire(import.meta.resolve(INSTRUMENTATION));
  const loader: unknown = require(SYNC_LOADER);
  if (typeof loader !== "object" || loader === null) return false;
  const isSupported: unknown = Reflect.get(loader, "supportsSyncHooks");
  const registerHooks: unknown = Reflect.get(loader, "register");
  if (typeof isSupported !== "function" || typeof registerHooks !== "function") return false;
  if (isSupported() !== true) return false;
  registerHooks({ include: [...names] });
  return true;
}

function registerOffThread(names: readonly string[]): void {
  register(`${INSTRUMENTATION}/hook.mjs`, import.meta.url, { data: { include: [...names] } });
}
