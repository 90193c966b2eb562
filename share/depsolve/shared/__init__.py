"""What the adapters of all package managers have in common. Nothing here imports one of them."""
