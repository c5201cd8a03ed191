import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import type { Terminal } from "./terminal.ts";

/**
 * Where the ledger, the counters of budgets and the tokens are: what `--data` says, else one folder for the user, so that `tollgate serve`
 * and `tollgate token` mean the same one wherever they are started. That is `$XDG_DATA_HOME/tollgate`, by default
 * `~/.local/share/tollgate` (XDG Base Directory Specification 0.8); `~/Library/Application Support/tollgate` on macOS and
 * `%LOCALAPPDATA%\tollgate` on Windows.
 */
export function dataFolderOf(
  asked: string | undefined,
  { env, cwd }: Pick<Terminal, "env" | "cwd">,
  platform: NodeJS.Platform = process.platform,
): string {
  return asked === undefined ? join(dataHome(env, platform), "tollgate") : resolve(cwd, asked);
}

function dataHome(env: Terminal["env"], platform: NodeJS.Platform): string {
  const xdg = env["XDG_DATA_HOME"];
  // "All paths set in these environment variables must be absolute. If [...] not, [...] ignore it."
  if (xdg !== undefined && isAbsolute(xdg)) return xdg;
  const home = env["HOME"] || homedir();
  if (platform === "darwin") return join(home, "Library/Application Support");
  if (platform === "win32") return env["LOCALAPPDATA"] ?? join(home, "AppData/Local");
  return join(home, ".local/share");
}
