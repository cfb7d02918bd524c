"""Generator of the invented district of Yanwan. See ../generate.py."""
