import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

/**
 * Adds one command to the program. What it works with is imported when it runs, so that the help of all is there at once.
 */
export type AddCommand = (program: Command, terminal: Terminal) => void;
