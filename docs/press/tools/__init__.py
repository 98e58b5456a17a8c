"""Tools of the site that are not Python packages: what npm installs, and a browser."""
