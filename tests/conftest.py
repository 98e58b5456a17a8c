"""What all tests share."""

import gc


def pytest_collection() -> None:
    # Here, since the process that hands out the tests collects none and needs no hypothesis.
    from hypothesis import settings

    # A busy machine is no fault: only what a test finds counts, and not how long it took to look.
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")
    # What is loaded from now until the first test stays, and no look for garbage need go through
    # all of PyTorch again and again.
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()
