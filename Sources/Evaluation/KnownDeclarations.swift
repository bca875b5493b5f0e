/// The declarations of the well-known public sets, so that a bare file of theirs can be used wherever the program lies.
///
/// The same texts stand in `Datasets/<name>/dataset.json`; a test keeps them equal.
enum KnownDeclarations {
    static let texts: [String: String] = [
        "humaneval": #"""
        {
          "name": "humaneval",
          "version": "1",
          "description": "164 hand-written Python functions with unit tests (Chen et al. 2021).",
          "licence": "MIT",
          "kind": "python-tests",
          "format": "humaneval",
          "source": {
            "file": "HumanEval.jsonl.gz",
            "obtain": "run `yuanbench dataset pull humaneval`"
          },
          "language": "en",
          "prompt": {
            "completion": "{prompt}",
            "chat": "Please provide a self-contained Python script that solves the following problem in a markdown code block:\n```\n{prompt_trimmed}\n```\n",
            "chat_prefill": "Below is a Python script with a self-contained function that solves the problem and passes corresponding tests:\n```python\n"
          },
          "max_new_tokens": 768,
          "stop": {
            "completion": [
              "\nclass ",
              "\ndef ",
              "\n#",
              "\n@",
              "\nprint",
              "\nif",
              "\n```"
            ],
            "chat": [
              "\n```\n"
            ]
          },
          "extraction": {
            "completion": "stop-strings",
            "chat": "fenced-block"
          }
        }

        """#,
        "humaneval-plus": #"""
        {
          "name": "humaneval-plus",
          "version": "1",
          "description": "HumanEval with about eighty times as many tests (Liu et al. 2023), OriginFmt file.",
          "licence": "Apache-2.0",
          "kind": "python-tests",
          "format": "humaneval",
          "source": {
            "file": "HumanEvalPlus-OriginFmt.jsonl.gz",
            "obtain": "run `yuanbench dataset pull humaneval-plus` (offline: `--from HumanEvalPlus-OriginFmt.jsonl.gz`)"
          },
          "language": "en",
          "prompt": {
            "completion": "{prompt}",
            "chat": "Please provide a self-contained Python script that solves the following problem in a markdown code block:\n```\n{prompt_trimmed}\n```\n",
            "chat_prefill": "Below is a Python script with a self-contained function that solves the problem and passes corresponding tests:\n```python\n"
          },
          "max_new_tokens": 768,
          "stop": {
            "completion": [
              "\nclass ",
              "\ndef ",
              "\n#",
              "\n@",
              "\nprint",
              "\nif",
              "\n```"
            ],
            "chat": [
              "\n```\n"
            ]
          },
          "extraction": {
            "completion": "stop-strings",
            "chat": "fenced-block"
          },
          "scorer": {
            "limits": {
              "cpu_seconds": 10,
              "memory_bytes": 4294967296
            }
          },
          "skip": {
            "HumanEval/32": "the generated check of this file is wrong: it raises TypeError for the reference solution"
          }
        }

        """#,
        "mbpp": #"""
        {
          "name": "mbpp",
          "version": "1",
          "description": "Mostly Basic Python Problems (Austin et al. 2021), test split: ids 11 to 510 of 974.",
          "licence": "CC-BY-4.0",
          "kind": "python-tests",
          "format": "mbpp",
          "source": {
            "file": "mbpp.jsonl",
            "id_range": [
              11,
              510
            ],
            "obtain": "run `yuanbench dataset pull mbpp` (offline: `--from mbpp.jsonl`)"
          },
          "language": "en",
          "prompt": {
            "completion": "You are an expert Python programmer, and here is your task: {text} Your code should pass these tests:\n\n{tests}\n[BEGIN]\n",
            "chat": "Please provide a self-contained Python script that solves the following problem in a markdown code block:\n```\n{text}\nYour code should pass these tests:\n\n{tests}\n```\n",
            "chat_prefill": "Below is a Python script with a self-contained function that solves the problem and passes corresponding tests:\n```python\n",
            "few_shot": {
              "count": 3,
              "ids": [
                "2",
                "3",
                "4"
              ],
              "example": "You are an expert Python programmer, and here is your task: {text} Your code should pass these tests:\n\n{tests}\n[BEGIN]\n{solution}\n[DONE]\n\n"
            }
          },
          "max_new_tokens": 512,
          "stop": {
            "completion": [
              "\n[DONE]",
              "[DONE]"
            ],
            "chat": [
              "\n```\n"
            ]
          },
          "extraction": {
            "completion": "stop-strings",
            "chat": "fenced-block"
          },
          "scorer": {
            "limits": {
              "cpu_seconds": 12
            }
          }
        }

        """#,
        "mbpp-plus": #"""
        {
          "name": "mbpp-plus",
          "version": "1",
          "description": "MBPP with many more tests (Liu et al. 2023), OriginFmt file.",
          "licence": "Apache-2.0",
          "kind": "python-tests",
          "format": "mbpp",
          "source": {
            "file": "MbppPlus-OriginFmt.jsonl.gz",
            "obtain": "run `yuanbench dataset pull mbpp-plus` (offline: `--from MbppPlus-OriginFmt.jsonl.gz`)"
          },
          "language": "en",
          "prompt": {
            "completion": "\"\"\"\n{text}\n{first_test}\n\"\"\"\n",
            "chat": "Please provide a self-contained Python script that solves the following problem in a markdown code block:\n```\n{text}\nYour code should pass these tests:\n\n{tests}\n```\n",
            "chat_prefill": "Below is a Python script with a self-contained function that solves the problem and passes corresponding tests:\n```python\n"
          },
          "max_new_tokens": 512,
          "stop": {
            "completion": [
              "\nclass ",
              "\nassert",
              "\n\"\"\"",
              "\nprint",
              "\nif ",
              "\n<|/",
              "\n```"
            ],
            "chat": [
              "\n```\n"
            ]
          },
          "extraction": {
            "completion": "stop-strings",
            "chat": "fenced-block"
          },
          "scorer": {
            "limits": {
              "cpu_seconds": 12,
              "memory_bytes": 4294967296
            }
          }
        }

        """#,
        "gsm8k": #"""
        {
          "name": "gsm8k",
          "version": "1",
          "description": "Grade-school word problems (Cobbe et al. 2021), test split; rules of lm-eval's task version 3, strict and flexible.",
          "licence": "MIT",
          "kind": "exact-match",
          "format": "gsm8k",
          "source": {
            "file": "test.jsonl",
            "obtain": "run `yuanbench dataset pull gsm8k` (offline: `--from test.jsonl`, and once more with train.jsonl for five-shot prompts)"
          },
          "language": "en",
          "prompt": {
            "completion": "Question: {prompt}\nAnswer:",
            "chat": "Question: {prompt}\nThink step by step and end with a line that holds \"#### \" and the number alone.",
            "few_shot": {
              "count": 5,
              "file": "train.jsonl",
              "example": "Question: {prompt}\nAnswer: {answer}\n\n"
            }
          },
          "max_new_tokens": 512,
          "stop": [
            "Question:",
            "</s>",
            "<|im_end|>"
          ],
          "extraction": {
            "completion": "stop-strings",
            "chat": "none"
          },
          "scorer": {
            "answer": [
              {
                "name": "strict",
                "pattern": "#### (\\-?[0-9\\.\\,]+)",
                "take": "first"
              },
              {
                "name": "flexible",
                "pattern": "(-?[$0-9.,]{2,})|(-?[0-9]+)",
                "take": "last"
              }
            ],
            "normalise": [
              {
                "replace": ","
              },
              {
                "replace": "\\$"
              },
              {
                "replace": "(?s).*#### "
              },
              {
                "replace": "\\.$"
              },
              "lowercase"
            ]
          }
        }

        """#,
        "multipl-e": #"""
        {
          "name": "multipl-e",
          "version": "1",
          "description": "HumanEval in other languages (Cassano et al. 2022): C++, JavaScript, Bash and Swift rows are run.",
          "licence": "see its source",
          "kind": "python-tests",
          "format": "multipl-e",
          "source": {
            "file": "multipl-e.jsonl",
            "obtain": "run `yuanbench dataset pull multipl-e --from humaneval-cpp.jsonl`"
          },
          "language": "en",
          "prompt": {
            "style": "completion",
            "completion": "{prompt}"
          },
          "max_new_tokens": 512,
          "stop": {
            "completion": [
              "\n}"
            ]
          },
          "extraction": {
            "completion": "stop-strings",
            "chat": "fenced-block"
          }
        }

        """#,
        "cruxeval": #"""
        {
          "name": "cruxeval",
          "version": "1",
          "description": "CRUXEval, output prediction: what does f(input) return? (Gu et al. 2024)",
          "licence": "MIT",
          "kind": "exact-match",
          "format": "cruxeval-output",
          "source": {
            "file": "cruxeval.jsonl",
            "obtain": "run `yuanbench dataset pull cruxeval` (offline: `--from cruxeval.jsonl`)"
          },
          "language": "en",
          "prompt": {
            "completion": "{code}\n\nassert f({input}) ==",
            "chat": "What does f({input}) return?\n\n```python\n{code}\n```\n\nEnd with a line that holds the returned value alone, written as a Python literal."
          },
          "max_new_tokens": 256,
          "stop": {
            "completion": [
              "\n"
            ]
          },
          "extraction": {
            "completion": "stop-strings",
            "chat": "none"
          },
          "scorer": {
            "answer": [
              {
                "name": "exact",
                "rule": "last-line"
              }
            ],
            "normalise": [
              "trim",
              "strip-backticks",
              "python-literal"
            ]
          }
        }

        """#,
        "yuan2-gsm8k": #"""
        {
          "name": "yuan2-gsm8k",
          "version": "1",
          "description": "GSM8K test split in Yuan2.0's Chinese translation, asked as its own evaluation asks.",
          "licence": "MIT",
          "kind": "exact-match",
          "format": "native",
          "source": {
            "file": "problems.jsonl",
            "obtain": "run `yuanbench dataset pull yuan2-gsm8k` (offline: `--from gsm8k_Cn.txt`)"
          },
          "language": "zh",
          "prompt": {
            "style": "completion",
            "completion": "详细分析并求解以下数学问题。\n{prompt}<sep>"
          },
          "max_new_tokens": 1023,
          "extraction": {
            "completion": "none"
          },
          "scorer": {
            "answer": [
              {
                "name": "last-number",
                "rule": "last-number"
              }
            ],
            "normalise": [
              "trim",
              "strip-commas",
              "number"
            ]
          }
        }
        """#,
    ]
}
