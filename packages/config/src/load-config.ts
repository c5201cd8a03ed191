import { assembleConfig, type LoadConfigOptions } from "./assemble-config.ts";
import { checkFile } from "./check-file.ts";
import type { LoadedConfig } from "./config-file.ts";

/**
 * Reads `tollgate.yaml` (or the file that `TOLLGATE_CONFIG` names) and the `TOLLGATE_*` variables,
 * which win over it.
 *
 * Without a file everything has its default. Nothing is guessed: an unknown key, a text where a
 * number belongs or a misspelt variable is an error.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_UNREADABLE` when a file cannot be read, else
 *   `TOLLGATE_CONFIG_INVALID`. The message lists every problem with file, line, column and key, and
 *   what to write instead.
 */
export function loadConfig(options: LoadConfigOptions = {}): LoadedConfig {
  return assembleConfig(options, () => checkFile);
}
