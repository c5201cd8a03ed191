"""LangChain on the OpenAI SDK: a call of the framework around a call of the SDK."""

from collections.abc import Callable

from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI, OpenAIEmbeddings


def _weather(city: str) -> str:
    """Tells of the weather."""
    return city


def scenarios() -> dict[str, Callable[[str], None]]:
    def model(name: str, **options: object) -> ChatOpenAI:
        headers = {"x-scenario": name}
        return ChatOpenAI(model="gpt-4o-mini", max_retries=0, default_headers=headers, **options)

    def chat(name: str) -> None:
        model(name).invoke("Hello")

    def chat_stream(name: str) -> None:
        for _ in model(name, stream_usage=True).stream("Hello"):
            pass

    def tool_call(name: str) -> None:
        model(name).bind_tools([_weather]).invoke("Hello")

    def chain(name: str) -> None:
        prompt = ChatPromptTemplate.from_messages([("user", "{text}")])
        (prompt | model(name) | StrOutputParser()).invoke({"text": "Hello"})

    def embeddings(name: str) -> None:
        headers = {"x-scenario": name}
        OpenAIEmbeddings(
            model="text-embedding-3-small",
            check_embedding_ctx_length=False,
            max_retries=0,
            default_headers=headers,
        ).embed_query("Hello")

    return {
        "openai chat": chat,
        "openai chat stream": chat_stream,
        "openai tool call": tool_call,
        "openai cached": chat,
        "openai chain": chain,
        "openai embeddings": embeddings,
        "openai 429": chat,
        "openai 500 stream": chat_stream,
    }
