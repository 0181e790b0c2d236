"""The student's tokenizer: the teacher's Latin word pieces and German ones learnt from text.

Keeping the teacher's pieces means that English is cut exactly as the teacher cuts it, so the student
starts with the teacher's English. German umlauts are letters of their own here; every other accent is
stripped, as the teacher does.
"""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from rag.errors import SettingsError

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
CONTINUATION = "##"
# Combining marks except the diaeresis after a, o, u; decomposed text is matched, so this keeps ä ö ü and
# nothing else.
_OTHER_ACCENTS = Regex("(?<![aou])\u0308|[\u0300-\u0307\u0309-\u036f]")
_KEPT_SCRIPTS = ("LATIN", "DIGIT")


@dataclass(frozen=True)
class VocabularySize:
    """How many pieces in all, and how often a German piece must occur to be learnt."""

    pieces: int = 42_000
    min_frequency: int = 2


def build_tokenizer(
    teacher: Tokenizer, german: Sequence[str], english: Iterable[str], size: VocabularySize
) -> Tokenizer:
    """Join the teacher's useful pieces and German pieces learnt from `german` into one tokenizer.

    Pieces of other scripts stay only where they occur in `english`.

    Raises:
        SettingsError: the teacher's pieces alone are more than `size.pieces`.
    """
    kept = _teacher_pieces(teacher, english)
    room = size.pieces - len(kept)
    if room < 0:
        message = f"got {len(kept)} pieces from the teacher, wanted at most {size.pieces}"
        raise SettingsError(message, hint="set --vocabulary higher")
    tokens = kept + _german_pieces(german, known=set(kept), room=room, size=size)
    return word_piece_tokenizer(tokens)


def word_piece_tokenizer(tokens: Sequence[str]) -> Tokenizer:
    """Build the tokenizer that cuts text into `tokens`; `SPECIAL_TOKENS` must be among them."""
    vocabulary = {token: index for index, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    cls, sep = vocabulary["[CLS]"], vocabulary["[SEP]"]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", cls), ("[SEP]", sep)],
    )
    tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    return tokenizer


def normalizer() -> normalizers.Normalizer:
    """Lower-case, clean, and strip every accent but those of ä, ö and ü."""
    clean = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=True
    )
    strip = normalizers.Replace(_OTHER_ACCENTS, "")
    return normalizers.Sequence([clean, normalizers.NFD(), strip, normalizers.NFC()])


def tokens_in_order(tokenizer: Tokenizer) -> list[str]:
    vocabulary = tokenizer.get_vocab()
    return sorted(vocabulary, key=vocabulary.__getitem__)


def _teacher_pieces(teacher: Tokenizer, english: Iterable[str]) -> list[str]:
    occurring = {token for encoding in teacher.encode_batch(list(english)) for token in encoding.tokens}
    specials = list(SPECIAL_TOKENS)
    return specials + [
        token
        for token in tokens_in_order(teacher)
        if token not in SPECIAL_TOKENS
        and not token.startswith("[unused")
        and (_is_kept(token) or token in occurring)
    ]


def _is_kept(token: str) -> bool:
    """Say whether all characters are Latin letters, digits or ASCII signs."""
    return all(char.isascii() or unicodedata.name(char, "").startswith(_KEPT_SCRIPTS) for char in token)


def _german_pieces(german: Sequence[str], *, known: set[str], room: int, size: VocabularySize) -> list[str]:
    """Learn the `room` first German pieces that the teacher does not know, most useful first.

    Of pieces that are equally frequent the trainer prefers those whose letters it numbered first, and it
    numbers the letters within words in another order in every process. Named beforehand they keep theirs, so
    that the same text gives the same vocabulary.
    """
    learner = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    learner.normalizer = normalizer()
    learner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size.pieces,
        min_frequency=size.min_frequency,
        special_tokens=[*SPECIAL_TOKENS, *_letters_within_words(learner, german)],
        show_progress=False,
    )
    learner.train_from_iterator(german, trainer)
    new = [token for token in tokens_in_order(learner) if token not in known]
    return new[:room]


def _letters_within_words(learner: Tokenizer, texts: Sequence[str]) -> list[str]:
    """Return the pieces of one letter that continue a word."""
    words = {
        word
        for text in texts
        for word, _ in learner.pre_tokenizer.pre_tokenize_str(learner.normalizer.normalize_str(text))
    }
    return [CONTINUATION + letter for letter in sorted({letter for word in words for letter in word[1:]})]


def to_json(tokenizer: Tokenizer) -> str:
    """Return the tokenizer as the text of a `tokenizer.json`, without truncation or padding."""
    loaded = json.loads(tokenizer.to_str())
    loaded["truncation"] = loaded["padding"] = None
    return json.dumps(loaded, ensure_ascii=False)
