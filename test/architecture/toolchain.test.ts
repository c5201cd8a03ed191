import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createCheckout, endOf, type Checkout } from "./checkout.ts";

const installs = ({ folder }: Checkout): number =>
  existsSync(join(folder, "installs"))
    ? readFileSync(join(folder, "installs"), "utf8").trim().split("\n").length
    : 0;

const built = ({ folder }: Checkout): string =>
  readFileSync(join(folder, "packages/a/dist/index.mjs"), "utf8");

const SAYS_INSTALLING = "Installing dependencies …\n";
const SAYS_BUILDING = "Building a …\n";

describe("with-toolchain", { timeout: 30_000 }, () => {
  test("installs, builds and runs a script with its arguments", async () => {
    const checkout = createCheckout();
    const { code, stdout, stderr } = await checkout.run(["show.ts", "a b", "--c", ""]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '["a b","--c",""]\n',
      stderr: SAYS_INSTALLING + SAYS_BUILDING,
    });
    expect(built(checkout)).toContain("42");
  });

  test("does nothing but run the script the second time", async () => {
    const checkout = createCheckout();
    await checkout.run(["show.ts"]);
    expect(await checkout.run(["show.ts"])).toMatchObject({ stdout: "[]\n", stderr: "" });
    expect(installs(checkout)).toBe(1);
  });

  test("installs again when the lock file or a manifest changed", async () => {
    const checkout = createCheckout();
    await checkout.run(["show.ts"]);
    checkout.write("pnpm-lock.yaml", "changed");
    await checkout.run(["show.ts"]);
    checkout.write("packages/b/package.json", "{}");
    await checkout.run(["show.ts"]);
    expect(installs(checkout)).toBe(3);
  });

  test("installs again when node_modules is gone", async () => {
    const checkout = createCheckout();
    await checkout.run(["show.ts"]);
    rmSync(join(checkout.folder, "node_modules"), { recursive: true });
    expect(await checkout.run(["show.ts"])).toMatchObject({ code: 0, stdout: "[]\n" });
    expect(installs(checkout)).toBe(2);
  });

  test("builds again when a source changed", async () => {
    const checkout = createCheckout();
    await checkout.run(["show.ts"]);
    checkout.write("packages/a/src/index.ts", "export const answer: number = 43;");
    expect((await checkout.run(["show.ts"])).stderr).toBe(SAYS_BUILDING);
    expect(built(checkout)).toContain("43");
  });

  test("builds again when someone else wrote or removed what was built", async () => {
    const checkout = createCheckout();
    await checkout.run(["show.ts"]);
    checkout.write("packages/a/dist/index.mjs", "export const answer = 0;");
    expect((await checkout.run(["show.ts"])).stderr).toBe(SAYS_BUILDING);
    rmSync(join(checkout.folder, "packages/a/dist"), { recursive: true });
    expect((await checkout.run(["show.ts"])).stderr).toBe(SAYS_BUILDING);
    expect(built(checkout)).toContain("42");
  });

  test("runs at once what is asked for at once, and installs and builds it once", async () => {
    const checkout = createCheckout();
    const ended = await Promise.all([1, 2, 3, 4].map(() => checkout.run(["show.ts"])));
    expect(ended.map(({ code, stdout }) => [code, stdout])).toEqual(ended.map(() => [0, "[]\n"]));
    expect(installs(checkout)).toBe(1);
    expect(ended.filter(({ stderr }) => stderr.includes(SAYS_BUILDING))).toHaveLength(1);
  });

  test("takes over from a process that died while it installed", async () => {
    const checkout = createCheckout();
    const lock = join(checkout.folder, "node_modules/.tollgate/lock");
    mkdirSync(lock, { recursive: true });
    const gone = checkout.start([]);
    await once(gone, "exit");
    writeFileSync(join(lock, "owner"), JSON.stringify({ pid: gone.pid, host: hostname() }));
    expect(await checkout.run(["show.ts"])).toMatchObject({ code: 0, stdout: "[]\n" });
    expect(existsSync(lock)).toBe(false);
  });

  test("says what to do when the registry cannot be reached", async () => {
    const checkout = createCheckout();
    checkout.write("npx-fails", "npm error code ENOTFOUND");
    const { code, stdout, stderr } = await checkout.run(["show.ts"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("npm error code ENOTFOUND");
    expect(stderr).toContain("The package registry could not be reached. Check the network");
    rmSync(join(checkout.folder, "npx-fails"));
    expect((await checkout.run(["show.ts"])).code).toBe(0);
  });

  test("shows why a package does not build, and builds it when it does", async () => {
    const checkout = createCheckout();
    checkout.write("packages/a/src/index.ts", 'import "./missing.ts";');
    const { code, stderr } = await checkout.run(["show.ts"]);
    expect(code).toBe(1);
    expect(stderr).toContain("packages/a: ");
    expect(stderr).toContain("missing.ts");
    checkout.write("packages/a/src/index.ts", "export const answer = 1;");
    expect((await checkout.run(["show.ts"])).code).toBe(0);
  });

  test("ends as the script ends: with its code or its signal", async () => {
    const checkout = createCheckout();
    checkout.write("ends.ts", "process.exitCode = 7;");
    checkout.write("dies.ts", "process.kill(process.pid, 'SIGKILL');");
    expect(await checkout.run(["ends.ts"])).toMatchObject({ code: 7, signal: null });
    expect(await checkout.run(["dies.ts"])).toMatchObject({ code: null, signal: "SIGKILL" });
  });

  test.each(["SIGINT", "SIGTERM"] as const)("passes %s on, once", async (signal) => {
    const checkout = createCheckout();
    checkout.write(
      "waits.ts",
      `let count = 0;
       process.on("${signal}", () => {
         count += 1;
         setTimeout(() => { console.log("signals: " + count); process.exit(5); }, 100);
       });
       setInterval(() => {}, 1000);
       console.log("waiting");`,
    );
    const child = checkout.start(["waits.ts"]);
    const ended = endOf(child);
    while (!String(await once(child.stdout ?? child, "data")).includes("waiting"));
    child.kill(signal);
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 5, stdout: "waiting\nsignals: 1\n" });
  });

  test("needs a script", async () => {
    const { code, stderr } = await createCheckout().run([]);
    expect(code).toBe(1);
    expect(stderr).toContain("usage: node .ci/with-toolchain.mjs <script.ts>");
  });

  test("finds the repository's tools first in PATH", async () => {
    const checkout = createCheckout();
    checkout.write("path.ts", "console.log(process.env.PATH.split(':')[0]);");
    const { stdout } = await checkout.run(["path.ts"]);
    expect(stdout).toBe(`${join(checkout.folder, "node_modules/.bin")}\n`);
  });
});
