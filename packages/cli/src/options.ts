import { InvalidArgumentError, type Command } from "commander";
import type { LoadedConfig } from "@tollgate/config";
import { dataFolderOf } from "./data-folder.ts";
import type { Terminal } from "./terminal.ts";

/** Options of all commands that work on a collector's files. */
export interface PlaceOptions {
  readonly data?: string | undefined;
  readonly config?: string | undefined;
}

/** What they mean. */
export interface Place {
  readonly config: LoadedConfig;
  readonly dataFolder: string;
  /** The environment, in which `--config` stands for `TOLLGATE_CONFIG`. */
  readonly env: Terminal["env"];
}

export function addPlaceOptions(command: Command): Command {
  return command
    .option(
      "--data <folder>",
      "where ledger, budgets and tokens are (default: the user's data folder)",
    )
    .option("--config <file>", "the configuration (default: tollgate.yaml here, if there is one)");
}

/** @throws TollgateError when the configuration cannot be read or makes no sense. */
export async function readPlace(options: PlaceOptions, terminal: Terminal): Promise<Place> {
  const { loadConfig } = await import("@tollgate/config");
  const { cwd } = terminal;
  const env =
    options.config === undefined
      ? terminal.env
      : { ...terminal.env, TOLLGATE_CONFIG: options.config };
  const config = loadConfig({ env, cwd });
  return { config, dataFolder: dataFolderOf(options.data, terminal), env };
}

export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InvalidArgumentError("Write a port from 0 to 65535; 0 takes any free one.");
}
