"""What the web server of `make run` loads."""

import gc
from importlib import import_module

# A sixth of the start went into looking for garbage among modules, which stay for good; frozen, nobody looks again.
gc.disable()
app = import_module("reviews_app.sandbox.web").app
gc.freeze()
gc.enable()
