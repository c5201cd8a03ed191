/**
 * REST as the collector describes it: docs/api.md, made of its OpenAPI document.
 *
 * Usage: pnpm api [--write]
 *
 * Prints the page; `--write` writes it instead. Exits 2 when the arguments cannot be used.
 */
import { runPageCommand } from "../page-command.ts";
import { apiPage } from "./api-page.ts";

process.exitCode = await runPageCommand("api", await apiPage());
