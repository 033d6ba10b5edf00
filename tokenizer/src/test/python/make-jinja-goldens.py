"""Draws chat templates from a seeded grammar, renders them with jinja2 as transformers sets it up, and writes what JinjaAgreementTest expects.

Usage: python3 make-jinja-goldens.py SEED COUNT > goldens.jsonl    (needs the package jinja2)

The first line holds the variables, every other line a template with its rendering, or null where jinja2 refuses it. To compare many more
than the file in the repository holds: write COUNT = 100000 of another seed to a file and run JinjaAgreementTest with
-Dkaripap.jinja.goldens=FILE.
"""
import copy
import datetime
import json
import random
import signal
import sys
import warnings

import jinja2
import jinja2.ext
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

class Gen(jinja2.ext.Extension):
    tags={"generation"}
    def parse(self, parser):
        lineno=next(parser.stream).lineno
        body=parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_s"), [], [], body).set_lineno(lineno)
    def _s(self, caller): return caller()
def env():
    def raise_exception(m): raise jinja2.exceptions.TemplateError(m)
    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False): return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)
    e=ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Gen, jinja2.ext.loopcontrols])
    e.filters["tojson"]=tojson; e.globals["raise_exception"]=raise_exception
    e.globals["strftime_now"]=lambda f: datetime.datetime(2024,7,26,10,5,3).strftime(f)
    return e
R=random.Random(int(sys.argv[1])); N=int(sys.argv[2])
MSG=[{"role":"system","content":"You are <b>helpful</b>."},{"role":"user","content":"  Hi there!\nHow's it \"going\"? ü 日本 🙂 "},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":1,"b":[1.5,None,True]}}}]},{"role":"tool","content":None,"name":"f"},{"role":"user","content":[{"type":"text","text":"x"},{"type":"image"}]}]
CTX={"messages":MSG,"tools":[{"type":"function","function":{"name":"get","description":"d","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}],"bos_token":"<s>","eos_token":"</s>","add_generation_prompt":True,"n":3,"f":2.5,"neg":-7,"big":1e20,"s":"Hello World","e":"","l":[3,1,2],"d":{"b":1,"a":{"c":"x"}},"t":True,"none_":None,"words":["b","A","c","a"]}
NAMES=["messages","tools","n","f","neg","s","e","l","d","t","none_","words","undef","bos_token","x","y","ns.v","messages[0].role","messages[1]['content']","d.a.c","d.zz","messages[-1]","l[0]","loop.index","loop.last","m.role","m.content","big"]
def lit():
    return R.choice(["0","1","2","-1","3","10","1.5","0.1","2.0","1e3","'a'","'b c'","\"it's\"","''","'\\n'","'%s'","'%d'","true","false","none","[]","[1, 'a']","{}","{'k': 1}","(1, 2)","('a',)","'é🙂'","'Hello'","' x '","'<|im_end|>'"])
STRM=["upper()","lower()","strip()","lstrip()","rstrip()","title()","capitalize()","split()","split(' ')","split('l', 1)","rsplit(' ', 1)","splitlines()","startswith('H')","endswith('!')","replace('l', 'L')","replace('l', 'L', 1)","find('o')","rfind('o')","count('l')","isdigit()","isalpha()","isupper()","zfill(8)","center(15)","ljust(12, '*')","join(words)","partition(' ')","format(1, a=2)","strip('H')","lstrip('\\n')","swapcase()","removeprefix('He')","removesuffix('ld')","isspace()","istitle()","rjust(3)","index('o')","expandtabs()","casefold()","isalnum()"]
DICTM=["items()","keys()","values()","get('a')","get('zz')","get('zz', 5)","items()|list","keys()|list","copy()"]
FILT=["upper","lower","title","capitalize","trim","length","count","first","last","list","join","join(', ')","join('-', attribute='role')","reverse","reverse|list","sort","sort(reverse=true)","sort(attribute='role')","unique|list","map('upper')|list","map(attribute='role')|list","map(attribute='role')|join(',')","select('string')|list","reject('none')|list","selectattr('role', 'equalto', 'user')|list|length","selectattr('content')|list|length","rejectattr('role','in',['user'])|map(attribute='role')|list","tojson","tojson(indent=2)","tojson(indent=4, sort_keys=true)","string","int","float","int(7)","abs","round","round(1)","round(1,'floor')","default('D')","default('D', true)","d(1)","replace('l','LL')","indent","indent(2, true)","e","safe","dictsort","items|list","sum","min","max","batch(2)|list","slice(2)|list","truncate(5)","truncate(8, true, '..')","wordcount","center(11)","format(1)","urlencode","striptags","string|length","groupby('role')|list|length","attr('role')","forceescape","map('length')|list","map('int')|list"]
TEST=["defined","undefined","none","string","number","integer","float","boolean","mapping","sequence","iterable","true","false","odd","even","divisibleby 2","divisibleby(3)","in [1,2,'a']","eq 1","== 1","ne 'a'","gt 1","lower","upper","sameas none","callable","lt 2","ge 3"]
OPS=["+","-","*","/","//","%","**","~","==","!=","<","<=",">",">=","in","not in","and","or"]
def ex(d=0):
    r=R.random()
    if d>3 or r<0.22: return R.choice(NAMES)
    if r<0.36: return lit()
    if r<0.5: return ex(d+1)+"|"+R.choice(FILT)
    if r<0.58: return "(("+ex(d+1)+"))."+R.choice(STRM if R.random()<.8 else DICTM)
    if r<0.64: return R.choice(["s","messages[1].content","m.content","d","'a b'"])+"."+R.choice(STRM+DICTM)
    if r<0.76: return ("(%s %s %s)" if R.random()<.6 else "%s %s %s")%(ex(d+1),R.choice(OPS),ex(d+1))
    if r<0.82: return "%s is %s%s"%(ex(d+1),R.choice(["","not "]),R.choice(TEST))
    if r<0.86: return "(%s if %s else %s)"%(ex(d+1),ex(d+1),ex(d+1))
    if r<0.88: return "(%s if %s)"%(ex(d+1),ex(d+1))
    if r<0.91: return "not "+ex(d+1)
    if r<0.95: return "%s[%s]"%(R.choice(["messages","l","s","d","words","messages[0].role","tools","n","undef","messages[0]"]),R.choice(["0","-1","1:","::-1",":2","-2:","1:2","'a'","'role'","::2","5","none"]))
    if r<0.97: return "[%s, %s]"%(ex(d+1),ex(d+1))
    if r<0.98: return "{'k': %s, 2: %s}"%(ex(d+1),ex(d+1))
    return R.choice(["range(%s)|list"%R.choice(["3","1, 4","5, 0, -2","n"]),"range(4)[1]","namespace(v=1).v","dict(a=1)","-n","+f","strftime_now('%d %b %Y')","strftime_now('%H:%M:%S %A %j %y')","1 < 2 < 3","n == 3 == true","mac(1)","mac(2, b=%s)"%lit()])
WS=["","","","\n"," ","  ","\n  ","\t","text","\nline\n"," a "," \n\n "]
def ws(): return R.choice(WS)
def tag(b): return R.choice(["{%","{%","{%","{%-","{%+"])+" "+b+" "+R.choice(["%}","%}","%}","-%}","+%}"])
def sx():
    return R.choice(["s","e","messages[1].content","(m.content|string)","words[0]","'a,b'","bos_token","(x|string)","(n|string)","('%s-%s' % (s, n))","(s ~ n)","s[1:]","(messages|tojson)","('%05.1f' % f)","'{}:{a!r}'.format(n, a=s)"])+R.choice(["","","."+R.choice(STRM),"."+R.choice(STRM),"|"+R.choice(["upper","lower","title","trim","capitalize","length","first","last","reverse","list","e","indent","indent(3,true)","replace('l','1')","wordcount","truncate(7)","center(20)","tojson","int(0)","default('x',true)","urlencode"])])
def lx():
    return R.choice(["l","words","messages","messages[1:]","tools","d.items()","d","range(5)","[1, 2.5, true]","s.split()","s|list","messages|map(attribute='role')","(1, 'a')","messages|selectattr('role','ne','user')"])+"|"+R.choice(["list","length" ,"first","join(', ')","list|last","list|tojson","list|string","list|length","map('string')|list","map('upper')|join","list|reverse|list","unique|list|length","batch(2)|list|length","list|tojson(indent=1)","sum(start=1)" ,"select|list|length"])
def nx():
    return "%s %s %s"%(R.choice(["n","f","neg","2","l|length","loop.index0","1.5","7","t"]),R.choice(["+","-","*","/","//","%","<","==",">=","~"]),R.choice(["n","2","3","f","0.5","neg","-3"]))
_ex=ex
def ex(d=0):
    r=R.random()
    return sx() if r<.25 else lx() if r<.4 else nx() if r<.5 else _ex(d)
def st(d=0,inloop=False):
    r=R.random()
    if d>3 or r<0.38: return R.choice(["{{ ","{{ ","{{- "])+ex(1)+R.choice([" }}"," }}"," -}}"])
    if r<0.5: return tag("if "+ex(1))+body(d,inloop)+(tag("elif "+ex(1))+body(d,inloop) if R.random()<.3 else "")+(tag("else")+body(d,inloop) if R.random()<.5 else "")+tag("endif")
    if r<0.66:
        t,i=R.choice([("m","messages"),("m","messages if m.role == 'user'"),("k, v","d.items()"),("x","l"),("x","words"),("x",ex(1)),("x","range(n)"),("c","s"),("m","messages[1:]"),("m","messages|selectattr('role','equalto','user')"),("x","l if x > 1")])
        return tag("for %s in %s"%(t,i))+body(d,True)+(tag("else")+body(d,inloop) if R.random()<.3 else "")+tag("endfor")
    if r<0.74: return tag("set %s = %s"%(R.choice(["x","y","ns.v","a, b"]),ex(1)))
    if r<0.77: return tag("set "+R.choice(["x","y"])+R.choice([""," | upper"," | trim"]))+body(d,inloop)+tag("endset")
    if r<0.8: return tag("macro mac(a, b=2)")+body(d,False)+"{{ a }}{{ b }}"+(R.choice(["","{{ caller() if caller else 'none' }}","{{ kwargs }}{{ varargs }}"]))+tag("endmacro")
    if r<0.83: return tag("filter "+R.choice(["upper","trim","replace('a','b')","title|trim"]))+body(d,inloop)+tag("endfilter")
    if r<0.86: return tag("with x=%s, y=x"%ex(2))+body(d,inloop)+tag("endwith")
    if r<0.88: return tag("generation")+body(d,False)+tag("endgeneration")
    if r<0.9: return R.choice(["{#","{#-"])+" c "+R.choice(["#}","-#}"])
    if r<0.92: return tag("raw").replace("+","")+" {{ x }} {% if %}\n"+tag("endraw")
    if r<0.94 and inloop: return tag(R.choice(["break","continue"])) if R.random()<.5 else tag("if loop.first")+tag("continue")+tag("endif")
    if r<0.96: return tag("call mac(1)")+body(d,False)+tag("endcall")
    if r<0.97: return tag("for x in [1,[2,3]] recursive")+"{{ loop.depth }}{{ loop(x) if x is iterable else x }}"+tag("endfor")
    if r<0.98 and inloop: return R.choice(["{{ loop.cycle('a','b') }}","{{ loop.previtem }}","{{ loop.nextitem is defined }}","{{ loop.changed(x) }}","{{ loop.revindex }}/{{ loop.length }}"])
    return ws()
def body(d,inloop): return ws()+"".join(st(d+1,inloop)+ws() for _ in range(R.choice([0,1,1,2])))
def template(): return ws()+R.choice(["","","{% set ns = namespace(v=0) %}","{%- macro mac(a, b=2) -%}[{{ a }}|{{ b }}]{%- endmacro -%}\n"])+"".join(st()+ws() for _ in range(R.choice([1,1,2,3])))


class Slow(Exception):
    pass


def slow(*_):
    raise Slow


warnings.simplefilter("ignore")
signal.signal(signal.SIGALRM, slow)
E = env()
print(json.dumps(CTX, ensure_ascii=False))
written = 0
while written < N:
    t = template()
    signal.setitimer(signal.ITIMER_REAL, 1.0)
    try:
        text = E.from_string(t).render(**copy.deepcopy(CTX))
    except Slow:
        continue
    except Exception:
        text = None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    # addresses of Python's objects are nobody's to reproduce
    if text is not None and any(mark in text.lower() for mark in (" at 0x", "<generator", "<function", "built-in", "<macro")):
        continue
    print(json.dumps({"template": t, "text": text}, ensure_ascii=False))
    written += 1
