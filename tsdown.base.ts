import { defineConfig, type UserConfig } from "tsdown";

/** How every package is built: ESM (Node ≥ 22.15 can `require` it), declarations, dependencies left outside. */
export function packageConfig(
  entry: Readonly<Record<string, string>> = { index: "src/index.ts" },
  more: UserConfig = {},
): UserConfig {
  return defineConfig({
    entry: { ...entry },
    format: "esm",
    target: "node22.15",
    dts: true,
    sourcemap: true,
    failOnWarn: true,
    logLevel: "warn",
    ...more,
  });
}
