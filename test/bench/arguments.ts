import { parseArgs } from "node:util";
import type { Table } from "./table.ts";

export const USAGE = "usage: pnpm bench [--only NAME[,NAME]] [--rounds N] [--json] [--write]";

export interface Arguments {
  readonly tables: readonly Table[];
  readonly rounds: number;
  readonly json: boolean;
  readonly write: boolean;
}

/** @throws Error that says which argument cannot be used, and what can. */
export function readArguments(args: readonly string[], all: readonly Table[]): Arguments {
  const { only, rounds, json, write } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      rounds: { type: "string", default: "60" },
      json: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
    },
  }).values;
  if (write && only !== undefined) {
    throw new Error("--write needs a run of all tables: leave --only out");
  }
  return {
    tables: write ? all : tablesNamed(only, all),
    rounds: readRounds(rounds),
    json,
    write,
  };
}

function readRounds(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1) return rounds;
  throw new Error(`--rounds ${text}: give a whole number of rounds, such as 60`);
}

function tablesNamed(only: string | undefined, all: readonly Table[]): readonly Table[] {
  if (only === undefined) return all.filter(({ onDemand = false }) => !onDemand);
  const names = only.split(",");
  const known = all.map(({ name }) => name);
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) {
    throw new Error(`--only ${only}: no table "${stranger}"; there are ${known.join(", ")}`);
  }
  return all.filter(({ name }) => names.includes(name));
}
