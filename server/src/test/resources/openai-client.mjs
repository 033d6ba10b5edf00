// OpenAI's own JavaScript client against a real server: node openai-client.mjs http://127.0.0.1:PORT/v1
import assert from "node:assert/strict";
import OpenAI from "openai";

const client = new OpenAI({baseURL: process.argv[2], apiKey: "none", maxRetries: 0});
const ask = {model: "tales-small", prompt: "Once upon a time", max_tokens: 20, temperature: 0.8, seed: 4};

const whole = await client.completions.create({...ask, n: 2, logprobs: 1});
assert.equal(whole.choices.length, 2);
assert.equal(whole.choices[1].logprobs.tokens.length, 20);
assert.equal(whole.usage.completion_tokens, 40);

let text = "", usage;
for await (const chunk of await client.completions.create({...ask, stream: true, stream_options: {include_usage: true}})) {
  text += chunk.choices[0]?.text ?? "";
  usage = chunk.usage ?? usage;
}
assert.equal(text, whole.choices[0].text);
assert.equal(usage.completion_tokens, 20);

const messages = [{role: "user", content: "Where is my dog?"}];
const chat = {model: "tales-small", messages, max_completion_tokens: 20, temperature: 0.8, seed: 4};
const answer = await client.chat.completions.create(chat);
const stream = client.chat.completions.stream(chat);
let pieces = "";
stream.on("content", piece => (pieces += piece));
const joined = await stream.finalChatCompletion();
assert.equal(pieces, answer.choices[0].message.content);
assert.equal(joined.choices[0].message.content, pieces);
assert.equal(joined.choices[0].finish_reason, "length");

const leaving = await client.completions.create({...ask, max_tokens: 400, stream: true, ignore_eos: true});
for await (const chunk of leaving) {
  if (chunk.choices[0].text) leaving.controller.abort();
}

assert.deepEqual((await client.models.list()).data.map(model => model.id), ["tales-small", "org/tales"]);
assert.equal((await client.models.retrieve("org/tales")).id, "org/tales");
await assert.rejects(client.completions.create({...ask, model: "x"}), OpenAI.NotFoundError);
await assert.rejects(client.completions.create({...ask, top_p: 7}), error =>
  error instanceof OpenAI.BadRequestError && error.param === "top_p" && error.type === "invalid_request_error");
console.log("all well");
