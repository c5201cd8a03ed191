const PRELOAD = /^(?:--import|--require|--loader|--experimental-loader|-r)(?:=(?<module>.*))?$/;
const OURS = /@tollgate\/node\//;

/**
 * Whether this process has run no code but Node's and ours so far: we are loaded ahead of the app, and nothing
 * else is.
 */
export function nothingRanBefore(
  execArgv: readonly string[],
  nodeOptions: string | undefined,
): boolean {
  const flags = [...execArgv, ...(nodeOptions ?? "").split(/\s+/)];
  const preloads = flags.flatMap((flag, index) => {
    const found = PRELOAD.exec(flag);
    return found === null ? [] : [found.groups?.["module"] ?? flags[index + 1] ?? ""];
  });
  return preloads.length === 1 && preloads.every((module) => OURS.test(module));
}
