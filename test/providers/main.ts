/**
 * What is read of which provider: docs/providers.md, made of what the codecs say of themselves.
 *
 * Usage: pnpm providers [--write]
 *
 * Prints the page; `--write` writes it instead. Exits 2 when the arguments cannot be used.
 */
import { runPageCommand } from "../page-command.ts";
import { providersPage } from "./providers-page.ts";

process.exitCode = await runPageCommand("providers", providersPage());
