/** Preloaded: senders send their spans by OTLP where they would print them. */
import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier === "./capture.mjs" ? "./otlp-capture.mjs" : specifier, context),
});
