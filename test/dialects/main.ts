/**
 * What is read of which sender of telemetry: docs/dialects.md, made of what the dialects say of themselves.
 *
 * Usage: pnpm dialects [--write]
 *
 * Prints the page; `--write` writes it instead. Exits 2 when the arguments cannot be used.
 */
import { runPageCommand } from "../page-command.ts";
import { dialectsPage } from "./dialects-page.ts";

process.exitCode = await runPageCommand("dialects", dialectsPage());
