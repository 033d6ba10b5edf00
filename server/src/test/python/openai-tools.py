"""Drives tools and structured output of a running server by OpenAI's Python client; stops at the first thing that is not as it should be.

Usage: python3 openai-tools.py BASE_URL MODEL [CALLS]    (needs the package openai)
"""
import json
import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key="none")
model = sys.argv[2]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 20

TOOL = {"type": "function", "function": {
    "name": "get_weather", "description": "Weather of a city, so many days from now", "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "maxLength": 30},
                       "days": {"type": "integer", "minimum": 0, "maximum": 14},
                       "unit": {"enum": ["celsius", "fahrenheit"]}},
        "required": ["city", "days", "unit"], "additionalProperties": False}}}
QUESTION = [{"role": "user", "content": "What is the weather in Paris tomorrow, in Celsius?"}]


def check(arguments):
    value = json.loads(arguments)
    assert set(value) == {"city", "days", "unit"}, value
    assert 0 <= value["days"] <= 14 and value["unit"] in ("celsius", "fahrenheit") and isinstance(value["city"], str), value


for seed in range(count):
    answer = client.chat.completions.create(
        model=model, messages=QUESTION, tools=[TOOL], tool_choice="required", parallel_tool_calls=False,
        temperature=1, seed=seed, max_completion_tokens=150)
    choice = answer.choices[0]
    assert choice.finish_reason == "tool_calls" and choice.message.content is None, choice
    check(choice.message.tool_calls[0].function.arguments)

streamed, reason = {}, None
for chunk in client.chat.completions.create(
        model=model, messages=QUESTION, tools=[TOOL], parallel_tool_calls=False, temperature=0, stream=True, max_completion_tokens=150,
        tool_choice={"type": "function", "function": {"name": "get_weather"}}):
    for piece in chunk.choices[0].delta.tool_calls or []:
        call = streamed.setdefault(piece.index, {"id": None, "name": None, "arguments": ""})
        call["id"] = call["id"] or piece.id
        call["name"] = call["name"] or piece.function.name
        call["arguments"] += piece.function.arguments
    reason = chunk.choices[0].finish_reason or reason
assert reason == "tool_calls" and len(streamed) == 1 and streamed[0]["name"] == "get_weather", (reason, streamed)
check(streamed[0]["arguments"])

conversation = QUESTION + [
    {"role": "assistant", "content": None, "tool_calls": [
        {"id": streamed[0]["id"], "type": "function",
         "function": {"name": "get_weather", "arguments": streamed[0]["arguments"]}}]},
    {"role": "tool", "tool_call_id": streamed[0]["id"], "content": "{\"degrees\": 21, \"sky\": \"sunny\"}"}]
text = client.chat.completions.create(model=model, messages=conversation, tools=[TOOL], temperature=0, max_completion_tokens=80)
assert text.choices[0].message.content, text

form = {"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": {
    "type": "object", "properties": {"name": {"type": "string", "maxLength": 20}, "capital": {"type": "boolean"}},
    "required": ["name", "capital"], "additionalProperties": False}}}
city = json.loads(client.chat.completions.create(
    model=model, messages=[{"role": "user", "content": "The capital of France, as JSON"}], response_format=form,
    temperature=0, max_completion_tokens=80).choices[0].message.content)
assert set(city) == {"name", "capital"}, city

try:
    client.chat.completions.create(model=model, messages=QUESTION, extra_body={"functions": [{"name": "a"}]})
    raise AssertionError("functions were accepted")
except openai.BadRequestError as e:
    assert e.param == "functions", e
print(f"{count} required calls valid; streamed {streamed[0]['arguments']}; answer {text.choices[0].message.content!r}; {city}")
