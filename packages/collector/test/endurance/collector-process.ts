/** A collector in a process of its own: `collector-process.ts FOLDER [PORT]`; FOLDER has its tollgate.yaml. SIGTERM ends it. */
import { loadConfig } from "@tollgate/config";
import { startCollector } from "../../src/index.ts";

const [folder = "", port = "0"] = process.argv.slice(2);
const collector = await startCollector({
  config: loadConfig({ cwd: folder, env: {} }),
  dataFolder: folder,
  port: Number(port),
  grpcPort: false,
});
process.once("SIGTERM", () => {
  void collector.close().then(() => process.exit(0));
});
process.stdout.write(`listening on ${collector.url}\n`);
