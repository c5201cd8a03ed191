import { packageConfig } from "../../tsdown.base.ts";

export default packageConfig({
  index: "src/index.ts",
  semconv: "src/semconv/index.ts",
  foreign: "src/semconv/foreign.ts",
});
