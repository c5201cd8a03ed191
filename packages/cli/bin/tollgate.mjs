#!/usr/bin/env node
// Here rather than in dist: what a package manager links must be there before anything is built.
const { node } = process.versions;
const [major = 0, minor = 0] = node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(`tollgate needs Node 22.15 or newer; this is ${node}\n`);
  process.exitCode = 1;
} else {
  const { runProcess } = await import("@tollgate/cli");
  await runProcess();
}
