"""Does the site keep what its pages document? Each module asks one kind of question."""
