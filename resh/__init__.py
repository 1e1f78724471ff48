"""resh: the shell that knows, automates and cleans up your clouds."""

__version__ = "0.1.0"
