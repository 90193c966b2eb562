"""The parts of apt.py."""
