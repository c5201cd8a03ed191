import { packageConfig } from "../../tsdown.base.ts";

export default packageConfig({
  index: "src/index.ts",
  checked: "src/checked.ts",
  redis: "src/redis/index.ts",
  aggregates: "src/aggregates/index.ts",
  sqlite: "src/sqlite/index.ts",
  slices: "src/slices/index.ts",
  testing: "src/testing/index.ts",
});
