"""Trains the SentencePiece tokenizer, with Yuan's settings and special pieces.

A space is joined with a whole, common word or sign behind it and with nothing else, and a quotation mark stands alone, so that
a name or a text has the same pieces everywhere: then a model can copy it.

    python tokenizer.py OUTPUT_FOLDER
"""
import collections
import io
import pathlib
import random
import re
import sys

import sentencepiece as spm
from sentencepiece import sentencepiece_model_pb2 as pb

import words as W
from check_overlap import Bundled
from data import draw

LEARNED = 2031  # pieces that are learned, with <unk>, <s>, </s> and the 256 bytes
WORDS = 300  # of them, common words with a space in front
CUT = "\x01"  # what no piece of the trainer goes across
SPECIAL = """<eod> <n> <sep> <pad> <mask> <predict> <FIM_SUFFIX> <FIM_PREFIX> <FIM_MIDDLE> <commit_before> <commit_msg>
<commit_after> <jupyter_start> <jupyter_text> <jupyter_code> <jupyter_output> <empty_output>""".split()
VOCABULARY = LEARNED + len(SPECIAL)  # 2048


def lines(samples, seed=7):
    """Lines of samples in both forms; a newline is never part of a piece, as in Yuan's tokenizer."""
    rng, forbidden = random.Random(seed), Bundled()
    for _ in range(samples):
        s = draw(rng, "train", forbidden)
        prompt, body = s.completion()
        user, opening, answer = s.chat()
        # The space that every segment is given stands at its beginning only, not at that of each line.
        for line in (" " + prompt + body + "\n " + user + "\n " + opening + answer).split("\n"):
            if line:
                yield line


def common_words(text, known):
    """The most frequent words and signs behind a space that are pieces and no names of parameters or functions."""
    pools = (W.NOUNS, W.INT_NAMES, W.STR_NAMES, W.LIST_NAMES, W.STR_LIST_NAMES, W.DICT_NAMES, W.LIST_ITEM_NAMES, W.SAMPLE_WORDS, W.CONTENTS)
    names = {w for pool in pools for w in pool}
    counts = collections.Counter(w for line in text for w in re.findall(r"(?<= )(?:[A-Za-z]+\b|'|[^ '\w]+)", line))
    return [w for w, _ in counts.most_common() if w in known and w not in names][:WORDS]


def train(folder):
    out, text = io.BytesIO(), list(lines(12000))
    spm.SentencePieceTrainer.train(
        sentence_iterator=(re.sub(r"(?<= )(?=[^ ])|(?=')|(?<=')", CUT, line) for line in text), pretokenization_delimiter=CUT,
        model_writer=out, vocab_size=LEARNED - WORDS, model_type="bpe", byte_fallback=True,
        normalization_rule_name="identity", add_dummy_prefix=False, remove_extra_whitespaces=False, split_digits=True,
        allow_whitespace_only_pieces=True, character_coverage=1.0, max_sentence_length=100000, num_threads=2,
        hard_vocab_limit=True, minloglevel=2, input_sentence_size=0, required_chars="".join(map(chr, range(33, 127))))
    model = pb.ModelProto()
    model.ParseFromString(out.getvalue())
    last = min(p.score for p in model.pieces)
    for i, w in enumerate(common_words(text, {p.piece for p in model.pieces})):
        model.pieces.add(piece="\u2581" + w, score=last - 1 - i)
    assert len(model.pieces) == LEARNED
    for text in SPECIAL:
        # Ordinary pieces that merging cannot reach, as in Yuan's own file.
        model.pieces.add(piece=text, score=0.0, type=pb.ModelProto.SentencePiece.NORMAL)
    model.normalizer_spec.add_dummy_prefix = True
    # The trainer's settings hold paths and nothing a reader needs beyond the model type.
    model.trainer_spec.ClearField("input")
    model.trainer_spec.ClearField("model_prefix")
    model.trainer_spec.ClearField("pretokenization_delimiter")
    model.trainer_spec.vocab_size = len(model.pieces)
    path = pathlib.Path(folder) / "tokenizer.model"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString())


class Tokenizer:
    """Encodes as the Yuan recipe does: special tokens cut out, each segment with its own dummy space."""

    def __init__(self, path):
        self.sp = spm.SentencePieceProcessor(model_file=str(path))
        self.ids = {t: self.sp.piece_to_id(t) for t in SPECIAL}
        self.eod, self.sep = self.ids["<eod>"], self.ids["<sep>"]

    def encode(self, text):
        ids = []
        for i, segment in enumerate(text.split("<sep>")):
            if i:
                ids.append(self.sep)
            if segment:
                ids += self.sp.encode(segment)
        return ids

    def decode(self, ids):
        return self.sp.decode([i for i in ids if i < LEARNED])


if __name__ == "__main__":
    train(sys.argv[1])
    t = Tokenizer(pathlib.Path(sys.argv[1]) / "tokenizer.model")
    s = draw(random.Random(1))
    u, o, a = s.chat()
    ids = t.encode(u + "<sep>" + o + a)
    print(len(ids), "tokens:", [t.sp.id_to_piece(i) for i in ids])
    assert re.sub(r"\s+", " ", t.decode(t.encode(o + a))) == re.sub(r"\s+", " ", o + a)
