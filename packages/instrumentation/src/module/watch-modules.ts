import { Module, registerHooks, type ResolveHookSync } from "node:module";

export type ResolveHook = ResolveHookSync;

/**
 * Calls `begin` when one of these packages is about to be loaded for the first time, by `import` or
 * `require`: what hooks modules is slow to load, and looks at every module from then on.
 *
 * @param begin - puts the hooks in place. @returns what the import under way has to go through as well.
 * @returns a function that ends the watch.
 */
export function watchModules(
  names: readonly string[],
  begin: () => ResolveHook | undefined,
): () => void {
  let isOver = false;
  const resolving = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      if (isOver || !isOneOf(names, specifier, resolved.url)) return resolved;
      end();
      const resolve = begin();
      return resolve === undefined ? resolved : resolve(specifier, context, next);
    },
  });
  const stopAsking = requireAgainWhen(() => isOver);
  const end = (): void => {
    isOver = true;
    resolving.deregister();
    stopAsking();
  };
  return end;
}

/** As OpenTelemetry finds them: imports by their name, what is required also by its folder. */
function isOneOf(names: readonly string[], specifier: string, url: string): boolean {
  return names.some((name) => specifier === name || url.includes(`/node_modules/${name}/`));
}

/**
 * Hooks for `require` stand around it: the very call that began them is over for them. It is asked once
 * more, and answered from the cache, through the hooks.
 *
 * @returns a function that ends it, unless somebody has wrapped ours since.
 */
function requireAgainWhen(isOver: () => boolean): () => void {
  const original = Module.prototype.require;
  const watched = function (this: Module, ...args: Parameters<typeof original>): unknown {
    const wasOver = isOver();
    const loaded: unknown = Reflect.apply(original, this, args);
    if (wasOver || !isOver()) return loaded;
    const again: unknown = Reflect.apply(Module.prototype.require, this, args);
    return again;
  };
  Module.prototype.require = watched;
  return () => {
    if (Module.prototype.require === watched) Module.prototype.require = original;
  };
}
