/**
 * A collector in a process of its own, so that its processor time is told apart from its sender's: `collector-process.ts FOLDER`,
 * where FOLDER has a tollgate.yaml. Answers `cpu` over IPC with what it has used, in microseconds, and ends with its parent.
 */
import { startCollector } from "@tollgate/collector";
import { loadConfig } from "@tollgate/config";

const [folder = ""] = process.argv.slice(2);
const config = loadConfig({ cwd: folder, env: {} });
const collector = await startCollector({ config, dataFolder: folder, port: 0, grpcPort: false });

process.on("message", (asked) => {
  if (asked === "cpu") {
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicros: user + system, rssBytes: process.memoryUsage.rss() });
  } else void collector.close().then(() => process.disconnect());
});
process.on("disconnect", () => process.exit());
process.send?.({ url: collector.url });
