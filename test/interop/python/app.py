"""Makes calls that something instruments, and tells of each what it was and in which trace.

Usage: app.py CALLS INSTRUMENT[,INSTRUMENT...] PROTOCOL SPANS_FILE

CALLS is `sdks` or `langchain`, PROTOCOL is `http` or `grpc`. Where telemetry and calls go stands in the
environment: OTEL_EXPORTER_OTLP_ENDPOINT, OPENAI_BASE_URL, ANTHROPIC_BASE_URL.
"""

import importlib
import json
import sys

import instruments
import telemetry


def main(calls: str, names: str, protocol: str, spans_file: str) -> None:
    sent = telemetry.start(protocol, spans_file)
    for name in names.split(","):
        getattr(instruments, name)()
    # Imported only now: some instruments want to be there first.
    scenarios = importlib.import_module(f"{calls}_calls").scenarios()
    tracer = sent.tracer()
    for name, call in scenarios.items():
        with tracer.start_as_current_span(f"scenario {name}") as span:
            trace_id = format(span.get_span_context().trace_id, "032x")
            try:
                call(name)
                error = None
            except Exception as raised:  # noqa: BLE001 - which one it is, is told
                error = f"{type(raised).__name__}: {raised}"
        print(json.dumps({"scenario": name, "traceId": trace_id, "error": error}), flush=True)
    sent.flush()
    print(json.dumps({"finished": True}), flush=True)


main(*sys.argv[1:])
