"""Renders conversations with tools by the templates of public models with transformers, and prints the hashes that ToolRenderingTest expects.

Usage: python3 render-tools.py FOLDER_OF_TEMPLATES > tool-renderings.json    (needs transformers and jinja2)
"""
import copy
import hashlib
import json
import os
import sys

from transformers.utils.chat_template_utils import render_jinja_template

FILES = [
    "NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use.jinja",
    "NousResearch-Hermes-3-Llama-3.1-8B-tool_use.jinja",
    "Qwen-Qwen2.5-7B-Instruct.jinja",
    "meta-llama-Llama-3.1-8B-Instruct.jinja",
    "meta-llama-Llama-3.2-3B-Instruct.jinja",
    "meta-llama-Llama-3.3-70B-Instruct.jinja",
    "mistralai-Mistral-Nemo-Instruct-2407.jinja",
]
TOOLS = [
    {"type": "function", "function": {"name": "get_weather", "description": "Weather of a place", "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "City name"},
                       "days": {"type": "array", "items": {"type": "integer"}, "description": "From now"}},
        "required": ["city"]}}},
    {"type": "function", "function": {"name": "now", "description": "The time", "parameters": {
        "type": "object", "properties": {"zone": {"type": "string", "description": "Time zone"}}, "required": []}}},
]


def call(number, name, arguments):
    """Arguments are a string, as OpenAI's clients send them."""
    return {"id": f"callid{number:03d}", "type": "function",
            "function": {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)}}


USER = {"role": "user", "content": "Weather in Zürich, \"today\"?"}
ONE = {"role": "assistant", "content": "", "tool_calls": [call(1, "get_weather", {"city": "Zürich", "days": [0, 1]})]}
TWO = {"role": "assistant", "content": "", "tool_calls": [
    call(1, "get_weather", {"city": "Zürich"}), call(2, "now", {"zone": "CET"})]}
RESULT = [{"role": "tool", "tool_call_id": "callid001", "content": "{\"sun\": true}"}]
CASES = {
    "question": [USER],
    "call": [USER, ONE],
    "result": [USER, ONE] + RESULT,
    "two": [USER, TWO] + RESULT + [{"role": "tool", "tool_call_id": "callid002", "content": "noon"}],
    "answer": [{"role": "system", "content": "Be brief."}, USER, ONE] + RESULT + [
        {"role": "assistant", "content": "Sun."}, {"role": "user", "content": "Thanks"}],
}


def as_objects(messages):
    """What transformers is given: arguments as objects."""
    changed = copy.deepcopy(messages)
    for message in changed:
        for each in message.get("tool_calls", []):
            each["function"]["arguments"] = json.loads(each["function"]["arguments"])
    return changed


hashes = {}
for file in FILES:
    with open(os.path.join(sys.argv[1], file), encoding="utf-8") as source:
        template = source.read()
    for name, messages in CASES.items():
        try:
            rendered, _ = render_jinja_template(
                conversations=[as_objects(messages)], tools=TOOLS, documents=None, chat_template=template,
                add_generation_prompt=name != "call", bos_token="<s>", eos_token="</s>", date_string="26 Jul 2024")
            hashes[file + "/" + name] = hashlib.sha256(rendered[0].encode()).hexdigest()
        except Exception:  # the template refuses this case
            hashes[file + "/" + name] = "error"
print(json.dumps({"tools": TOOLS, "cases": CASES, "sha256": hashes}, ensure_ascii=False, indent=1))
