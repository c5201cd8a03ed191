"""Spans, logs and metrics by OTLP, and the spans into a file as well: the evidence of what was sent."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from opentelemetry import _logs, metrics, trace
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    SimpleSpanProcessor,
    SpanExporter,
    SpanExportResult,
)


class FileSpanExporter(SpanExporter):
    """One line of JSON per span."""

    def __init__(self, path: str) -> None:
        self._file = open(path, "a", encoding="utf-8")

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        for span in spans:
            self._file.write(
                json.dumps(
                    {
                        "traceId": format(span.context.trace_id, "032x"),
                        "spanId": format(span.context.span_id, "016x"),
                        "parentSpanId": format(span.parent.span_id, "016x") if span.parent else "",
                        "name": span.name,
                        "scope": span.instrumentation_scope.name,
                        "attributes": dict(span.attributes or {}),
                    },
                    default=list,
                )
                + "\n"
            )
        self._file.flush()
        return SpanExportResult.SUCCESS


@dataclass
class Telemetry:
    """What is under way."""

    traces: TracerProvider
    logs: LoggerProvider
    meters: MeterProvider

    def tracer(self) -> trace.Tracer:
        return trace.get_tracer("interop.app")

    def flush(self) -> None:
        for provider in (self.traces, self.logs, self.meters):
            provider.force_flush()
            provider.shutdown()


def start(protocol: str, spans_file: str) -> Telemetry:
    spans, logs, points = _exporters(protocol)
    traces = TracerProvider()
    traces.add_span_processor(SimpleSpanProcessor(FileSpanExporter(spans_file)))
    traces.add_span_processor(BatchSpanProcessor(spans))
    trace.set_tracer_provider(traces)
    logger_provider = LoggerProvider()
    logger_provider.add_log_record_processor(BatchLogRecordProcessor(logs))
    _logs.set_logger_provider(logger_provider)
    meters = MeterProvider([PeriodicExportingMetricReader(points)])
    metrics.set_meter_provider(meters)
    return Telemetry(traces, logger_provider, meters)


def _exporters(protocol: str):
    if protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
        from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    else:
        from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    return OTLPSpanExporter(), OTLPLogExporter(), OTLPMetricExporter()
