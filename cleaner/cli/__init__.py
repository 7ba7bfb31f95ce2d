"""The command ``cleaner``: one module for each subcommand."""
