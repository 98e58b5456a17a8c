"""Tools of the site that are no Python packages: what npm installs, and a browser."""
