"""The parts of dnf.py."""
