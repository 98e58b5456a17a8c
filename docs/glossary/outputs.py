"""What the page "Glossary" documents."""

TYPED = {
    "1 for a perfect line, 0 for one": "the definition of the scale",
    "95 %": "a setting: the level of the intervals",
}
