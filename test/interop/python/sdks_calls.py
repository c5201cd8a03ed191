"""The OpenAI and Anthropic SDKs, every way of calling that is priced differently."""

import os
from collections.abc import Callable

from anthropic import Anthropic
from openai import OpenAI

ASKED = [{"role": "user", "content": "Hello"}]
CHAT = {"model": "gpt-4o-mini", "messages": ASKED}
RESPONSE = {"model": "gpt-4o-mini", "input": "Hello"}
MESSAGE = {"model": "claude-sonnet-4-5", "max_tokens": 4096, "messages": ASKED}
WEATHER = {"type": "object", "properties": {"city": {"type": "string"}}}
OPENAI_TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": WEATHER}}]
ANTHROPIC_TOOLS = [{"name": "weather", "input_schema": WEATHER}]


def scenarios() -> dict[str, Callable[[str], None]]:
    return {
        **_openai(OpenAI(max_retries=0)),
        **(_anthropic(Anthropic(max_retries=0)) if "INTEROP_NO_ANTHROPIC" not in os.environ else {}),
    }


def _of(name: str) -> dict[str, dict[str, str]]:
    return {"extra_headers": {"x-scenario": name}}


def _openai(client: OpenAI) -> dict[str, Callable[[str], None]]:
    def chat(name: str) -> None:
        client.chat.completions.create(**CHAT, **_of(name))

    def chat_stream(name: str) -> None:
        options = {"stream": True, "stream_options": {"include_usage": True}}
        for _ in client.chat.completions.create(**CHAT, **options, **_of(name)):
            pass

    def chat_tool(name: str) -> None:
        client.chat.completions.create(**CHAT, tools=OPENAI_TOOLS, **_of(name))

    def responses(name: str) -> None:
        client.responses.create(**RESPONSE, **_of(name))

    def responses_stream(name: str) -> None:
        for _ in client.responses.create(**RESPONSE, stream=True, **_of(name)):
            pass

    def embeddings(name: str) -> None:
        client.embeddings.create(model="text-embedding-3-small", input="Hello", **_of(name))

    return {
        "openai chat": chat,
        "openai chat stream": chat_stream,
        "openai tool call": chat_tool,
        "openai cached": chat,
        "openai cached stream": chat_stream,
        "openai responses": responses,
        "openai responses stream": responses_stream,
        "openai embeddings": embeddings,
        "openai 429": chat,
        "openai 500 stream": chat_stream,
    }


def _anthropic(client: Anthropic) -> dict[str, Callable[[str], None]]:
    def message(name: str) -> None:
        client.messages.create(**MESSAGE, **_of(name))

    def message_events(name: str) -> None:
        for _ in client.messages.create(**MESSAGE, stream=True, **_of(name)):
            pass

    def message_stream(name: str) -> None:
        with client.messages.stream(**MESSAGE, **_of(name)) as stream:
            stream.get_final_message()

    def message_tool(name: str) -> None:
        client.messages.create(**MESSAGE, tools=ANTHROPIC_TOOLS, **_of(name))

    return {
        "anthropic message": message,
        "anthropic events": message_events,
        "anthropic stream": message_stream,
        "anthropic tool call": message_tool,
        "anthropic cached": message,
        "anthropic cached stream": message_stream,
        "anthropic 429": message,
        "anthropic 500 stream": message_stream,
    }
