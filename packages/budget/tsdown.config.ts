import { packageConfig } from "../../tsdown.base.ts";

export default packageConfig({
  index: "src/index.ts",
  checked: "src/checked.ts",
  sqlite: "src/sqlite/index.ts",
  testing: "src/testing/index.ts",
});
