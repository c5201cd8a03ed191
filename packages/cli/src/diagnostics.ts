import { format } from "node:util";
import { diag, DiagLogLevel, type DiagLogFunction } from "@opentelemetry/api";
import type { Terminal } from "./terminal.ts";

const LEVELS: ReadonlyMap<string, DiagLogLevel> = new Map(
  Object.entries(DiagLogLevel).flatMap(([name, level]) =>
    typeof level === "number" ? [[name, level] as const] : [],
  ),
);

/** Tells people what goes wrong while a command runs, as far as `OTEL_LOG_LEVEL` asks for it, by default warnings and worse. */
export function startDiagnostics({ env, tell }: Terminal): void {
  const logLevel =
    LEVELS.get(env["OTEL_LOG_LEVEL"]?.trim().toUpperCase() ?? "") ?? DiagLogLevel.WARN;
  const at =
    (level: string): DiagLogFunction =>
    (...parts) =>
      tell(`${new Date().toISOString()} ${level} ${format(...parts)}\n`);
  const logger = {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    verbose: at("verbose"),
  };
  diag.setLogger(logger, { logLevel, suppressOverrideMessage: true });
}
