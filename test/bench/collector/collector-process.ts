/**
 * A collector in a process of its own, so that its processor time is told apart from its sender's: `collector-process.ts FOLDER`,
 * where FOLDER has a tollgate.yaml. Says over IPC where it listens; then answers what {@link Asked} says, and ends with its parent.
 */
import { Session } from "node:inspector/promises";
import { startCollector } from "@tollgate/collector";
import { loadConfig } from "@tollgate/config";

/** `used`: its processor time. `profile`: begins to look where it goes. `profiled`: where it went. `end`: it ends. */
export type Asked = "used" | "profile" | "profiled" | "end";

const [folder = ""] = process.argv.slice(2);
const config = loadConfig({ cwd: folder, env: {} });
const collector = await startCollector({ config, dataFolder: folder, port: 0, grpcPort: false });
const session = new Session();
session.connect();

const answers: Readonly<Record<Asked, () => Promise<unknown>>> = {
  async used() {
    const { user, system } = process.cpuUsage();
    return { cpuMicros: user + system };
  },
  async profile() {
    await session.post("Profiler.enable");
    await session.post("Profiler.start");
    return {};
  },
  profiled: () => session.post("Profiler.stop"),
  async end() {
    await collector.close();
    return {};
  },
};

process.on("message", (asked: Asked) => {
  void answers[asked]().then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit());
process.send?.({ url: collector.url });
