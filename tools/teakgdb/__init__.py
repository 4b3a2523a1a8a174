"""Teak's gdb commands, by what they look at; ../teak-gdb.py lists them."""
