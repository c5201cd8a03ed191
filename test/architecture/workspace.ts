import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const root = join(import.meta.dirname, "../..");
const SCOPE = "@tollgate/";

type Versions = Readonly<Record<string, string>>;

/** What the tests look at in a package.json; everything else is kept as it is. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private: boolean;
  readonly exports: Readonly<
    Record<
      string,
      string | { readonly source: string; readonly types: string; readonly default: string }
    >
  >;
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
  readonly peerDependencies: Versions;
  readonly optionalDependencies: Versions;
}

const versions = z.record(z.string(), z.string()).default({});
const target = z.object({ source: z.string(), types: z.string(), default: z.string() });

const manifestSchema: z.ZodType<Manifest> = z.looseObject({
  name: z.string(),
  version: z.string(),
  private: z.boolean().default(false),
  exports: z.record(z.string(), z.union([z.string(), target])).default({}),
  dependencies: versions,
  devDependencies: versions,
  peerDependencies: versions,
  optionalDependencies: versions,
});

/** A package of the workspace. */
export interface WorkspacePackage {
  /** From the root, such as `packages/core`. */
  readonly folder: string;
  /** Name of the folder: `core`. */
  readonly name: string;
  readonly manifest: Manifest;
}

export function readText(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** What is installed or built is not looked at, nor walked through. */
const SKIPPED: ReadonlySet<string> = new Set(["node_modules", "dist", ".tsbuild"]);

/** Paths from the root of all files below a folder that match; none when there is no folder. */
export function filesIn(folder: string, pattern: RegExp = /\.ts$/): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return walk(folder)
    .filter((path) => pattern.test(path.slice(path.lastIndexOf("/") + 1)))
    .toSorted();
}

function walk(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : walk(path);
    return entry.isFile() ? [path] : [];
  });
}

function readPackage(folder: string): WorkspacePackage {
  const manifest = manifestSchema.parse(JSON.parse(readText(`${folder}/package.json`)));
  return { folder, name: folder.split("/").at(-1) ?? folder, manifest };
}

function packagesIn(parent: string): readonly WorkspacePackage[] {
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`)
    .filter((folder) => readdirSync(join(root, folder)).includes("package.json"))
    .toSorted()
    .map(readPackage);
}

export const packages: readonly WorkspacePackage[] = packagesIn("packages");
export const examples: readonly WorkspacePackage[] = packagesIn("examples");
export const publicPackages: readonly WorkspacePackage[] = packages.filter(
  ({ manifest }) => !manifest.private,
);

/** `core` for `@tollgate/core` and `@tollgate/core/semconv`; `undefined` for what is not ours. */
export function ownPackage(specifier: string): string | undefined {
  return specifier.startsWith(SCOPE) ? specifier.slice(SCOPE.length).split("/")[0] : undefined;
}

/** `zod` for `zod/mini`, `@opentelemetry/api` for `@opentelemetry/api/x`. */
export function dependencyName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
