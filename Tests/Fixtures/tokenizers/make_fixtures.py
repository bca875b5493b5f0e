"""Writes the fixtures of this folder with independent implementations.

    pip install tokenizers==0.19.1 Jinja2==3.1.6
    python make_fixtures.py

<name>/tokenizer.json   a byte-level BPE trained on the text below, one for each way of cutting words
<name>.json             texts with the ids and decoded texts that the `tokenizers` library gives
templates.json          chat templates and small template programs with what Jinja renders, set up as transformers does
"""

import json
import pathlib

import jinja2
import jinja2.ext
import jinja2.sandbox
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent
REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"

CORPUS = [
    "def fib(n):\n    if n < 2:\n        return n\n    return fib(n - 1) + fib(n - 2)\n",
    "It's what they've said: we'll see, I'm sure you're right, he'd know. IT'S WE'LL\n",
    "for (int i = 0; i < 1024; ++i) { sum += values[i] * 3.14159; }  // 20230424\n\n",
    "The quick brown fox jumps over the lazy dog; the dog sleeps.\r\n\tTabs\tand  spaces   here.\n",
    "请编写一个函数，计算斐波那契数列。问题描述：答案是 42。\n",
    "Ça coûte 3 € à l'été, naïve café Übergröße Straße ñandú\n",
    "import numpy as np\nclass Stack:\n    def __init__(self):\n        self.items = []\n",
]

TEXTS = [
    "", " ", "   ", "\n", "\r\n\r\n", " \n \n  x", "a", " a", "a ", "  a  ", "hello world", "Hello, World!",
    "def f(x):\n    return x + 1\n", "x=1;y=22;z=333;w=4444;v=55555", " 123 4567 ", "1,234.5678e-10", "it's IT'S It'S don't WON'T",
    "we've we'll I'm he'd you're 'tis 's'' 'x 'LL'RE'Ve", "\u0027\u017f \u0027\u017fx", "tab\tafter\t\ttabs", "line\r\nbreak\ronly\n\n\nthree",
    "a \n b\t\n\n c   \n", "   trailing   ", "!!!???...", " !?\n\n", "a!\nb", "(a) [b] {c}", "x  = y;  // note",
    "请问 42 是答案吗？", "\u3000全角\u3000空格", "e\u0301te\u0301 \u00e9t\u00e9", "\u212b \ufb01 \u1e9b\u0323", "한국어 \u1112\u1161\u11ab", "😀 👩\u200d👩\u200d👧 é",
    "½ ² Ⅷ ٣٤ 10²", "a\u00a0b\u2003c\u2028d", "\u0301 combining first", "naïve café", "ß ẞ İ ı", "\u0000 \u0001\u007f", "a_b __init__ snake_case",
    "<|end|>", "a<|end|>b", "<|begin|>x<|end|><|end|>", "<|en d|> <|end", "x <mask> y<mask>z", "keep note\u20ac me", "xnote\u20ac", "a  <left> b", "a <right>  b",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "                                 x", "----------------====",
]

STYLES = {
    "gpt2": (None, pre_tokenizers.ByteLevel(add_prefix_space=False)),
    "gpt2-prefix": (None, pre_tokenizers.ByteLevel(add_prefix_space=True)),
    "smollm": (None, pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])),
    "llama3": (None, pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(WORDS + r"\p{N}{1,3}" + REST), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])),
    "qwen2": (normalizers.NFC(), pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(WORDS + r"\p{N}" + REST), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])),
}


def tokenizer(style):
    normalizer, pre_tokenizer = STYLES[style]
    result = Tokenizer(models.BPE(ignore_merges=style == "llama3"))
    if normalizer:
        result.normalizer = normalizer
    result.pre_tokenizer = pre_tokenizer
    result.decoder = decoders.ByteLevel()
    result.train_from_iterator(CORPUS * 4, trainers.BpeTrainer(
        vocab_size=420, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    result.add_special_tokens(["<|begin|>", "<|end|>", AddedToken("<mask>", lstrip=True, rstrip=True, normalized=False)])
    result.add_tokens([AddedToken("note\u20ac", normalized=True), AddedToken("<left>", lstrip=True), AddedToken("<right>", rstrip=True)])
    if style == "llama3":
        begin = result.token_to_id("<|begin|>")
        result.post_processor = processors.Sequence([
            processors.ByteLevel(trim_offsets=False),
            processors.TemplateProcessing(single="<|begin|> $A", special_tokens=[("<|begin|>", begin)])])
    return result


def write_tokenizers():
    for style in STYLES:
        model = tokenizer(style)
        folder = HERE / style
        folder.mkdir(exist_ok=True)
        model.save(str(folder / "tokenizer.json"), pretty=False)
        (folder / "tokenizer_config.json").write_text(json.dumps({"bos_token": "<|begin|>", "eos_token": {"content": "<|end|>"}}) + "\n")
        rows = []
        for text in TEXTS:
            ids = model.encode(text, add_special_tokens=False).ids
            rows.append({"text": text, "ids": ids, "decode": model.decode(ids, skip_special_tokens=False),
                         "decode_skip_special": model.decode(ids, skip_special_tokens=True)})
        size = model.get_vocab_size()
        decodes = []
        for ids in [[100, 200, 150], [163, 185], [228, 184], [160, 10, 240, 159], list(range(0, size, 7)), list(range(size - 1, 0, -11))]:
            decodes.append({"ids": ids, "decode": model.decode(ids, skip_special_tokens=False),
                            "decode_skip_special": model.decode(ids, skip_special_tokens=True)})
        (HERE / f"{style}.json").write_text(json.dumps({"rows": rows, "decodes": decodes}, ensure_ascii=True) + "\n")


def environment():
    def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    result = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols])
    result.filters["tojson"] = tojson
    result.globals["raise_exception"] = raise_exception
    return result


YUAN = (
    "{% for message in messages %}{% if message['role'] == 'system' %}{{ message['content'].strip() + '\\n' }}"
    "{% elif message['role'] == 'user' %}{{ message['content'].strip() + (sep_token if loop.last else '<n>') }}"
    "{% elif message['role'] == 'assistant' %}{{ message['content'].strip() + (sep_token if loop.last else '<n>') }}"
    "{% endif %}{% endfor %}")

CHATML = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nBe of help.<|im_end|>\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")

# The constructs of Qwen2.5's and Llama 3's templates, in words of our own.
QWEN_LIKE = """{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0]['role'] == 'system' %}
        {{- messages[0]['content'] }}
    {%- else %}
        {{- 'Be of help.' }}
    {%- endif %}
    {{- "\\n\\n# Tools\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools><|im_end|>\\n" }}
{%- else %}
    {%- if messages[0]['role'] == 'system' %}
        {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}
    {%- else %}
        {{- '<|im_start|>system\\nBe of help.<|im_end|>\\n' }}
    {%- endif %}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role }}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}
                {%- set tool_call = tool_call.function %}
            {%- endif %}
            {{- '\\n<tool_call>\\n{"name": "' }}
            {{- tool_call.name }}
            {{- '", "arguments": ' }}
            {{- tool_call.arguments | tojson }}
            {{- '}\\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\\n<tool_response>\\n' }}
        {{- message.content }}
        {{- '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|im_end|>\\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
"""

LLAMA3_LIKE = """{{- bos_token }}
{%- if not tools_in_user_message is defined %}
    {%- set tools_in_user_message = true %}
{%- endif %}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "1 Jan 2024" %}
    {%- endif %}
{%- endif %}

{#- The system message goes first. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if builtin_tools is defined or tools is not none %}
    {{- "Environment\\n" }}
{%- endif %}
{%- if builtin_tools is defined %}
    {{- "Tools: " + builtin_tools | reject('equalto', 'code') | join(", ") + "\\n\\n"}}
{%- endif %}
{{- "Date: " + date_string + "\\n\\n" }}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- if tools_in_user_message and not tools is none %}
    {%- if messages | length != 0 %}
        {%- set first_user_message = messages[0]['content']|trim %}
        {%- set messages = messages[1:] %}
    {%- else %}
        {{- raise_exception("no user message") }}
{%- endif %}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
    {{- first_user_message + "<|eot_id|>"}}
{%- endif %}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("one call at a time") }}
        {%- endif %}
        {%- for arg_name, arg_val in tool_call.arguments | items %}
            {{- arg_name + '="' + arg_val + '"' }}
            {%- if not loop.last %}
                {{- ", " }}
            {%- endif %}
        {%- endfor %}
    {%- elif message.role == "tool" or message.role == "ipython" %}
        {%- if message.content is mapping or message.content is iterable %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
"""

CONVERSATIONS = [
    [("user", "Hi")],
    [("system", " Be brief.\n"), ("user", "  2 + 2?\n"), ("assistant", " 4 \n"), ("user", "Why \"so\"?\t")],
    [("user", "你好"), ("assistant", "{{ x }}"), ("user", "{% if %}\u00e9\u0301 \\ \u2028")],
    [("user", "call"), ("tool", "one\n"), ("tool", "two")],
    [("system", ""), ("user", "")],
]

PROGRAMS = [
    "a\n  {% if true %}\n  b\n  {% endif %}\nc\n", "a\n  {%+ if true %}\n  b\n  {%- endif +%}\nc\n\n", "  {{ 1 }}\n {# note #}\n x {#- y -#} \n z",
    "{% for i in [1,2,3] %}\n{{ i }},{% endfor -%}\n\n end", "x {%- if false -%} a {%- else -%} b {%- endif -%} y", "{{- 'a' -}}  \n  b",
    "\n{% set x = 1 %}\n{% set y = 2 %} \n{{ x + y }}\r\n  {% if x %}{% endif %}z\n", "   {% set a = 1 %}{% set b = 2 %}\n   {{ a ~ b }}",
    "{{ 'a' 'b' ~ 1 ~ true ~ none ~ 1.5 }}", "{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ 7 / 2 }} {{ 2 ** 10 }} {{ 1 + 2 * 3 - 4 }}",
    "{{ (1, 2)[1] }}{{ [1, 2, 3][-1] }}{{ 'hello'[1:3] }}{{ 'hello'[::-1] }}{{ [1,2,3,4][::2] | join('-') }}{{ 'abc'[5:] }}|{{ 'abc'[-2:] }}{{ 'abc'[:-1] }}{{ []|length }}",
    "{{ 'x' if false else 'y' }}{{ 'x' if false }}|{{ nothing }}|{{ nothing is defined }}{{ nothing is not defined }}",
    "{{ 1 < 2 < 3 }}{{ 1 < 2 > 3 }}{{ 1 == 1.0 }}{{ 'a' in 'abc' }}{{ 2 not in [1, 3] }}{{ not 1 in [1] }}{{ 'k' in {'k': 1} }}{{ true == 1 }}",
    "{{ 1 and 'b' }}{{ 0 or 'c' }}{{ '' or none }}{{ not '' }}{{ none is none }}{{ 'a' is string }}{{ 3 is odd }}{{ {} is mapping }}{{ [] is iterable }}{{ 1 is number }}{{ 2 is eq 2 }}{{ 2 is in [2] }}",
    "{% set ns = namespace(found=false, n=0) %}{% for i in range(5) %}{% if i > 2 %}{% set ns.found = true %}{% endif %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.found }}{{ ns.n }}",
    "{% for i in range(2, 11, 3) %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ i }};{% endfor %}",
    "{% for i in [1,2,3,4] if i is even %}{{ i }}/{{ loop.length }} {% else %}none{% endfor %}{% for i in [] %}x{% else %}empty{% endfor %}",
    "{% for k, v in {'a': 1, 'b': [2]}.items() %}{{ k }}={{ v | tojson }};{% endfor %}{% for k in {'x': 1} %}{{ k }}{% endfor %}",
    "{% set x = 'outer' %}{% for i in [1, 2] %}{{ x }}{% set x = 'inner' %}{{ x }}{% endfor %}{{ x }}", "{% if true %}{% set z = 5 %}{% endif %}{{ z }}",
    "{% for i in range(9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}{% break %}{% endif %}{{ i }}{% endfor %}",
    "{% for a in [1, 2] %}{% for b in [3, 4] %}{{ loop.index }}{{ a * b }} {% endfor %}{{ loop.index }}{% endfor %}",
    "{% for m in messages %}{{ loop.previtem.role if loop.previtem is defined else '-' }}>{{ m.role }} {% endfor %}",
    "{% set block %}\n a {{ 1 }}\n{% endset %}[{{ block }}]", "{% set a, b = 1, 2 %}{{ a }}{{ b }}",
    "{{ '  x '.strip() }}|{{ '--x-'.strip('-') }}|{{ ' x '.lstrip() }}|{{ ' x '.rstrip() }}|{{ 'a,b,c'.split(',') | tojson }}{{ 'a  b c'.split() | join('+') }}{{ 'a,b,c'.split(',', 1)[-1] }}{{ 'a b  c '.split(none, 1)[1] }}|",
    "{{ 'abc'.startswith('ab') }}{{ 'abc'.endswith('bc') }}{{ 'abc'.upper() }}{{ 'ABC'.lower() }}{{ 'aXbX'.replace('X', '--') }}{{ 'hello world'.title() }}{{ 'hELLO'.capitalize() }}{{ 'abc'.find('c') }}{{ 'aaa'.count('a') }}",
    "{{ 'think</t>answer'.split('</t>')[-1].lstrip('\\n') }}{{ 'a\\nb\\n'.splitlines() | length }}{{ {'a': 1}.get('b', 'd') }}{{ {'a': 1}.keys() | list | join }}{{ 'pre-x'.removeprefix('pre-') }}",
    "{{ ' x ' | trim }}{{ [1, 2] | length }}{{ 'añb' | length }}{{ nothing | default('d') }}{{ '' | default('e', true) }}{{ none | default('f') }}{{ [3, 1] | first }}{{ 'xyz' | last }}{{ ['a', 1] | join(', ') }}{{ 'a' | upper }}{{ '12' | int + 1 }}{{ 5 | string + '6' }}",
    "{{ {'a': [1, 2.5, none, true, 'x\"y\\n\u00e9\u2028/'], 'b': {}} | tojson }}{{ [] | tojson }}{{ {'a': [1, {'b': 2}]} | tojson(indent=2) }}",
    "{{ [{'r': 'a', 'n': 1}, {'r': 'b', 'n': 2}] | selectattr('r', 'equalto', 'b') | map(attribute='n') | join }}{{ [1, none, 2] | reject('none') | list | length }}{{ [0, 1, 2] | select | list | length }}{{ [{'x': 0}] | rejectattr('x') | list | length }}",
    "{{ messages[-1].content }}{{ messages[0]['nope'] }}{{ messages | length }}{{ messages[1:] | length }}{{ messages[9] is defined }}", "{{ '}}' }}{{ \"%}\" }}{{ {'a': {'b': 'c'}}.a.b }}{{ {'a': {}}['a'] | length }}",
    "{{ 'caf\\u00e9' }}{{ '\\x41' }}{{ 'it\\'s' }}{{ \"tab\\t\" }}", "{{ 2 - -1 }}{{ -2 | string }}{{ 1_000 }}{{ [1] + [2] == [1, 2] }}{{ 'ab' * 2 }}{{ 'a' < 'b' }}{{ -3 ** 2 }}", "{{ add_generation_prompt and tools is none }}{{ [1,[2,3]][1][0] }}",
    "{{ ['b', 'a'] | reverse | list | tojson }}{{ 'abc' | reverse }}",
]


def write_templates():
    env = environment()
    cases = []
    variables = {"bos_token": "<s>", "eos_token": "</s>", "sep_token": "<sep>"}

    def add(source, messages, add_generation_prompt):
        context = [{"role": role, "content": content} for role, content in messages]
        expected = env.from_string(source).render(
            messages=context, tools=None, documents=None, add_generation_prompt=add_generation_prompt, **variables)
        cases.append({"source": source, "messages": messages, "add_generation_prompt": add_generation_prompt,
                      "expected": expected})

    groups = [(source, CONVERSATIONS) for source in TEMPLATES] + [(source, CONVERSATIONS[1:2]) for source in PROGRAMS]
    for source, conversations in groups:
        for messages in conversations:
            for flag in (True, False) if source in TEMPLATES else (True,):
                add(source, messages, flag)
    sources = [source for source, _ in groups]
    for case in cases:
        case["source"] = sources.index(case["source"])
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "templates.json").write_text(
        f'{{"variables": {json.dumps(variables)}, "sources": {json.dumps(sources, indent=1)},\n"cases": [\n{lines}\n]}}\n')


TEMPLATES = [YUAN, CHATML, QWEN_LIKE, LLAMA3_LIKE]

if __name__ == "__main__":
    write_tokenizers()
    write_templates()
