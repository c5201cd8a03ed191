import { packageConfig } from "../../tsdown.base.ts";

export default packageConfig({
  index: "src/index.ts",
  sqlite: "src/sqlite/index.ts",
  postgres: "src/postgres/index.ts",
  "record-last-events": "src/postgres/record-last-events.ts",
  writer: "src/writer/index.ts",
  testing: "src/testing/index.ts",
});
