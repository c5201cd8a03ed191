import { packageConfig } from "../../tsdown.base.ts";

export default packageConfig({
  index: "src/index.ts",
  register: "src/register.ts",
  sdk: "src/sdk.ts",
  "private-providers": "src/telemetry/private-providers.ts",
});
