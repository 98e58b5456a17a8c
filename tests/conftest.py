"""What all tests share."""

from hypothesis import settings

# A busy machine is no fault: only what a test finds counts, and not how long it took to look.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
