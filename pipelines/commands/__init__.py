"""The command's verbs that fill a file of their own."""
