import { diag } from "@opentelemetry/api";
import { isTollgateError } from "@tollgate/core";
import { describeProblems, readConfig, type LoadConfigOptions } from "../assemble-config.ts";
import { checkFile } from "../check-file.ts";
import type { LoadedConfig } from "../config-file.ts";
import { foundFile } from "../file/find-file.ts";
import type { Problem } from "../problem/problem.ts";
import { changesAtStart, liveChanges } from "./compare-configs.ts";
import { watchOneFile } from "./watch-file.ts";

export interface FollowConfigOptions extends LoadConfigOptions {
  /** The configuration that the process was started with. */
  readonly config: LoadedConfig;
  /**
   * Puts another configuration in force, or throws a TollgateError and changes nothing. Only what counts at
   * once is to be taken from it: `budgets`, `guards`, `alerts` and `pricing`.
   */
  readonly apply: (config: LoadedConfig) => void;
  /** Whether the file is watched, or read by {@link FollowedConfig.reload} alone. @defaultValue `true` */
  readonly watch?: boolean | undefined;
  /** Hears of every reload that the file itself has brought about. */
  readonly onReload?: ((reload: ConfigReload) => void) | undefined;
  /** How long a file must stay as it is before it counts as written, milliseconds. @defaultValue `100` */
  readonly settleMs?: number | undefined;
  /** How often to look where the system says nothing of changes, milliseconds. @defaultValue `5_000` */
  readonly pollMs?: number | undefined;
}

/** What became of reading the file again. */
export interface ConfigReload {
  /** `refused`: the file is wrong, or cannot be read; what held before holds on. */
  readonly outcome: "applied" | "unchanged" | "refused";
  /** Why it was refused. */
  readonly problems: readonly Problem[];
  /** The keys that were changed and count now. */
  readonly applied: readonly string[];
  /** The keys that differ from those the process was started with and count from its next start on. */
  readonly restart: readonly string[];
}

/** A configuration file that a process goes on listening to. */
export interface FollowedConfig {
  /** Reads the file now. Never throws: what is wrong with it is in the answer, and told to `diag` once. */
  reload(): ConfigReload;
  stop(): void;
}

/**
 * Follows the file that a configuration was loaded from: edits of budgets, guards, alerts and prices count
 * without a restart. It is checked as at the start; a file that is wrong changes nothing. Without a file
 * nothing is watched.
 */
export function followConfig(options: FollowConfigOptions): FollowedConfig {
  const { config: started, cwd = process.cwd(), apply, onReload } = options;
  const { file } = started.sources;
  let current = started;
  /** What `diag` was told of last. */
  let told = "";
  let isRefused = false;

  function tell(level: "error" | "warn", message: string): void {
    if (message !== told) diag[level](message);
    told = message;
  }

  function refuse(shown: string, description: string, problems: readonly Problem[]): ConfigReload {
    isRefused = true;
    tell("error", `tollgate: ${shown} is not applied, what held before holds on. ${description}`);
    return { outcome: "refused", problems, applied: [], restart: [] };
  }

  function reload(): ConfigReload {
    if (file === undefined) return { outcome: "unchanged", problems: [], applied: [], restart: [] };
    const found = foundFile(cwd, file, false);
    const { shown } = found;
    const read = readConfig(options, () => checkFile, found);
    if ("problems" in read) return refuse(shown, describeProblems(read.problems), read.problems);

    const { config } = read;
    const applied = liveChanges(current, config);
    const restart = changesAtStart(started, config);
    if (applied.length > 0) {
      try {
        apply(config);
      } catch (error) {
        if (!isTollgateError(error)) throw error;
        const { message } = error;
        return refuse(shown, message, [{ source: shown, key: "", message }]);
      }
      for (const warning of config.warnings) diag.warn(`tollgate: ${warning}`);
      diag.info(`tollgate: ${shown} was edited and applied: ${applied.join(", ")}`);
    }
    if (applied.length === 0 && isRefused) {
      diag.info(`tollgate: ${shown} is valid again and says what holds already`);
    }
    isRefused = false;
    current = config;
    if (restart.length === 0) told = "";
    else
      tell("warn", `tollgate: ${shown}: ${restart.join(", ")} will count from the next start on`);
    return {
      outcome: applied.length > 0 ? "applied" : "unchanged",
      problems: [],
      applied,
      restart,
    };
  }

  let stopWatching: (() => void) | undefined;
  let starting: NodeJS.Immediate | undefined;
  if (file !== undefined && options.watch !== false) {
    const { settleMs = 100, pollMs = 5_000 } = options;
    const onChange = (): void => {
      const reloaded = reload();
      onReload?.(reloaded);
    };
    // After the app has started: a start is not to wait for it.
    starting = setImmediate(() => {
      stopWatching = watchOneFile({ path: file, settleMs, pollMs, onChange });
    }).unref();
  }

  return {
    reload,
    stop() {
      clearImmediate(starting);
      stopWatching?.();
    },
  };
}
