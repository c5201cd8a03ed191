/** A sender that is a Python package: what is installed, what calls, and who tells of it. */
export interface PythonSender {
  /** Also the name of its requirements in `python/requirements`. */
  readonly name: string;
  readonly title: string;
  /** Packages whose versions say what was tried. */
  readonly packages: readonly string[];
  readonly calls: "sdks" | "langchain";
  /** Functions of `python/instruments.py`. */
  readonly instruments: readonly string[];
  /** It knows the OpenAI SDK alone. */
  readonly openaiOnly?: boolean;
  /** Dialects that its calls may be read by. */
  readonly dialects: readonly string[];
}

export const PYTHON_SENDERS: readonly PythonSender[] = [
  {
    name: "openllmetry",
    title: "OpenLLMetry",
    packages: ["opentelemetry-instrumentation-openai", "opentelemetry-instrumentation-anthropic"],
    calls: "sdks",
    instruments: ["openllmetry"],
    dialects: ["openllmetry", "otel-genai", "anthropic-sdk"],
  },
  {
    name: "openinference",
    title: "OpenInference",
    packages: ["openinference-instrumentation-openai", "openinference-instrumentation-anthropic"],
    calls: "sdks",
    instruments: ["openinference"],
    dialects: ["openinference", "anthropic-sdk"],
  },
  {
    name: "openai-v2",
    title: "OpenTelemetry's own of the OpenAI SDK",
    packages: ["opentelemetry-instrumentation-openai-v2"],
    calls: "sdks",
    instruments: ["openai_v2"],
    openaiOnly: true,
    dialects: ["otel-genai", "otel-genai-legacy"],
  },
  {
    name: "openlit",
    title: "OpenLIT",
    packages: ["openlit"],
    calls: "sdks",
    instruments: ["openlit"],
    dialects: ["openlit", "anthropic-sdk"],
  },
  {
    name: "langchain",
    title: "OpenInference of LangChain and of the OpenAI SDK at once",
    packages: [
      "openinference-instrumentation-langchain",
      "openinference-instrumentation-openai",
      "langchain-openai",
    ],
    calls: "langchain",
    instruments: ["openinference_langchain", "openinference_openai"],
    dialects: ["openinference"],
  },
];

/** Whose telemetry goes through an OpenTelemetry Collector. */
export const VIA_OTELCOL: PythonSender = {
  name: "openllmetry",
  title: "OpenLLMetry",
  packages: [],
  calls: "sdks",
  instruments: ["openllmetry"],
  openaiOnly: true,
  dialects: ["openllmetry", "otel-genai"],
};
