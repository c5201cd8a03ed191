/** What a fetch needs to send a chat completion. */
export const chatRequest = (scenario, stream) => ({
  method: "POST",
  headers: { "content-type": "application/json", "x-scenario": scenario },
  body: JSON.stringify({
    model: "gpt-4o-mini",
    stream,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
    messages: [{ role: "user", content: "Hello, how are you?" }],
  }),
});
