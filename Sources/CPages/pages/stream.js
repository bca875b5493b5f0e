// One streamed answer.
import { ask } from "./common.js";
import { say } from "./words.js";

export class AnswerError extends Error {}

// Calls `onText` with each piece; returns { finish, usage, timings }. Throws AnswerError with words for the reader, and
// AbortError when `signal` ends it.
export const streamAnswer = async (request, signal, onText) => {
  let response;
  try {
    response = await ask("/v1/chat/completions", {
      method: "POST", signal, headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...request, stream: true, stream_options: { include_usage: true } }),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new AnswerError(say("unreachable"));
  }
  if (!response.ok) {
    const body = await response.json().catch(() => null);
    throw new AnswerError(say("failed", { reason: body?.error?.message ?? response.status }));
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const result = { finish: null, usage: null, timings: null };
  let buffer = "";
  for (;;) {
    let piece;
    try {
      piece = await reader.read();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new AnswerError(say("broken"));
    }
    if (piece.done) throw new AnswerError(say("broken"));
    buffer += piece.value;
    const events = buffer.split("\n\n");
    buffer = events.pop();
    for (const event of events) {
      const data = event.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trimStart()).join("\n");
      if (data === "[DONE]") return result;
      if (!data) continue;
      const chunk = JSON.parse(data);
      if (chunk.error) throw new AnswerError(say("failed", { reason: chunk.error.message }));
      const choice = chunk.choices[0];
      if (choice?.delta?.content) onText(choice.delta.content);
      if (choice?.finish_reason) result.finish = choice.finish_reason;
      if (chunk.usage) result.usage = chunk.usage;
      if (chunk.timings) result.timings = chunk.timings;
    }
  }
};
