import { packageConfig } from "../../tsdown.base.ts";

export default packageConfig({
  index: "src/index.ts",
  "on-demand": "src/on-demand.ts",
  prices: "src/prices/index.ts",
});
