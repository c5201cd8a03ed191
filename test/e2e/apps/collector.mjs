/** A collector as `tollgate.yaml` says, on free ports; says where it is, and ends in order on SIGTERM. */
import { startCollector } from "@tollgate/collector";
import { loadConfig } from "@tollgate/config";

const [dataFolder] = process.argv.slice(2);
const { url, grpcPort, close } = await startCollector({
  config: loadConfig(),
  dataFolder,
  port: 0,
  grpcPort: 0,
});
process.once("SIGTERM", () => void close());
process.stdout.write(`${JSON.stringify({ url, grpcPort })}\n`);
