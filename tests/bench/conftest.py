"""What `nox -s bench` may be asked."""


def pytest_addoption(parser) -> None:
    said = "write down time and memory beside the page that draws them"
    parser.addoption("--record", action="store_true", help=said)
