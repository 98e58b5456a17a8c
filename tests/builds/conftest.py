"""What a session may ask of these tests."""


def pytest_addoption(parser) -> None:
    said = "write down what the programs print that cost too much for each build"
    parser.addoption("--record", action="store_true", help=said)
