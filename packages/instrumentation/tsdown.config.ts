import { packageConfig } from "../../tsdown.base.ts";

export default packageConfig({
  index: "src/index.ts",
  fetch: "src/fetch/index.ts",
  hooks: "src/hook/index.ts",
  "module-instrumentation": "src/module/module-instrumentation.ts",
});
