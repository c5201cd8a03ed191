import { format } from "node:util";
import { diag, DiagLogLevel, type DiagLogger } from "@opentelemetry/api";

const LEVELS: Readonly<Record<string, DiagLogLevel>> = {
  NONE: DiagLogLevel.NONE,
  ERROR: DiagLogLevel.ERROR,
  WARN: DiagLogLevel.WARN,
  INFO: DiagLogLevel.INFO,
  DEBUG: DiagLogLevel.DEBUG,
  VERBOSE: DiagLogLevel.VERBOSE,
  ALL: DiagLogLevel.ALL,
};

const write = (...args: unknown[]): void => void process.stderr.write(`${format(...args)}\n`);

const STANDARD_ERROR: DiagLogger = {
  error: write,
  warn: write,
  info: write,
  debug: write,
  verbose: write,
};

/**
 * Prints diagnostics to standard error when `OTEL_LOG_LEVEL` asks for them, and never to standard output,
 * which belongs to the app. A logger that the app sets later replaces ours.
 */
export function startDiagnostics(logLevel: string | undefined): void {
  const level = LEVELS[logLevel?.trim().toUpperCase() ?? ""];
  if (level === undefined || level === DiagLogLevel.NONE) return;
  diag.setLogger(STANDARD_ERROR, { logLevel: level, suppressOverrideMessage: true });
}
