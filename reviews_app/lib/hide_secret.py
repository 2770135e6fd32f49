"""Takes a secret out of a text that came from outside: who answers may repeat what it was sent."""

import base64
import re

SHOWN = 4
# An end this long says too much, wherever the rest was cut off.
END = 16


def hide_secret(text: str, secret: str) -> str:
    """The text with its last four letters in place of the secret, its base64 or its end; as it was without them."""
    if len(secret) < END:
        return text.replace(secret, "…") if secret else text
    plain = secret.encode()
    coded = {base64.b64encode(plain).decode().rstrip("="), base64.urlsafe_b64encode(plain).decode().rstrip("=")}
    spellings = [secret, *sorted(coded), secret[-END:]]
    found = re.compile("|".join(re.escape(one) for one in spellings))
    return found.sub("…" + secret[-SHOWN:], text)
