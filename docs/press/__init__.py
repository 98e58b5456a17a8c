"""The machine of the site: runs the pages, sets their values into the text, and checks both."""
