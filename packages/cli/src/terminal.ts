import { styleText } from "node:util";

/** What a command reads and writes. */
export interface Terminal {
  /** Writes to standard output: what was asked for. */
  out(text: string): void;
  /** Writes to standard error: what went wrong, and what people should know. */
  tell(text: string): void;
  /** Makes text bold where that is seen: on a terminal, and not with `NO_COLOR`. */
  bold(text: string): string;
  /** How wide it is. @defaultValue `80` */
  readonly columns: number;
  readonly hasColours: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const WIDEST = 100;

/** The terminal, file or pipe that this process was started with. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const hasColours = stdout.isTTY && !env["NO_COLOR"] && stdout.hasColors();
  return {
    out: (text) => void stdout.write(text),
    tell: (text) => void stderr.write(text),
    bold: (text) => (hasColours ? styleText("bold", text, { validateStream: false }) : text),
    columns: Math.min(stdout.isTTY ? stdout.columns : 80, WIDEST),
    hasColours,
    env,
    cwd: process.cwd(),
  };
}
