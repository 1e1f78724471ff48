from tests.commands.conftest import app, graph, shell, terminal

__all__ = ["app", "graph", "shell", "terminal"]
