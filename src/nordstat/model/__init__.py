"""Values that travel through the house: frozen, without I/O, without pandas."""
