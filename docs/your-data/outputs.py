"""What the page on the reader's own data documents."""

from press.contract import printed
from press.witness import best

TYPED = {
    "1930": "the year in which the book with the table appeared",
    "2025": "the last year of its copyright",
}


@printed("the best line by the program for a file")
def your_data_printed() -> str:
    line = best()
    return f"{best().n} rows: score = {line.slope:.4g} * hours + {line.intercept:.4g}"
