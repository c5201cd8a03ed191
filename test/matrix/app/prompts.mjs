export const QUESTION = "Hello, how are you?";
export const INSTRUCTIONS = "Answer kindly.";

/** As the OpenAI family writes them. */
export const MESSAGES = [
  { role: "system", content: INSTRUCTIONS },
  { role: "user", content: QUESTION },
];

export const NO_PARAMETERS = { type: "object", properties: {} };

export const CHAT_TOOLS = [
  {
    type: "function",
    function: { name: "weather", description: "The weather.", parameters: NO_PARAMETERS },
  },
];
