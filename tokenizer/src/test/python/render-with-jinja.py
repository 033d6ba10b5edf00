"""Renders public chat templates with Jinja, configured as Hugging Face does, and prints the hashes that ChatTemplateTest expects.

Usage: python3 render-with-jinja.py FOLDER_OF_TEMPLATES > jinja-renderings.json    (needs the package jinja2)
"""
import datetime
import glob
import hashlib
import json
import os
import sys

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

TOOL = {"type": "function", "function": {"name": "get_weather", "description": "Weather of a place", "parameters": {
    "type": "object", "properties": {"city": {"type": "string", "description": "City name"}}, "required": ["city"]}}}
USER = [{"role": "user", "content": "Hi"}]
CASES = {
    "system": {"messages": [
        {"role": "system", "content": "You are helpful."}, {"role": "user", "content": "Hi  there!\n"},
        {"role": "assistant", "content": " Hello <b>&'\" "}, {"role": "user", "content": "2+2? ü 日本"}],
        "add_generation_prompt": True},
    "user": {"messages": USER, "add_generation_prompt": False},
    "generate": {"messages": USER, "add_generation_prompt": True},
    "tools": {"messages": USER, "tools": [TOOL], "add_generation_prompt": True},
}


def refuse(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(value, indent=None):
    return json.dumps(value, ensure_ascii=False, indent=indent)


environment = ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols])
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = refuse
environment.globals["strftime_now"] = lambda form: datetime.datetime(2024, 7, 26).strftime(form)

hashes = {}
for file in sorted(glob.glob(os.path.join(sys.argv[1], "*.jinja"))):
    with open(file, encoding="utf-8") as source:
        template = environment.from_string(source.read())
    for name, case in CASES.items():
        try:
            # transformers gives absent lists as none
            text = template.render(bos_token="<s>", eos_token="</s>", **{"tools": None, "documents": None, **case})
            hashes[os.path.basename(file) + "/" + name] = hashlib.sha256(text.encode()).hexdigest()
        except Exception:  # the template refuses this case
            hashes[os.path.basename(file) + "/" + name] = "error"
print(json.dumps({"cases": CASES, "sha256": hashes}, ensure_ascii=False, indent=1))
