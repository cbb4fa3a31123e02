"""Pure Python: no Django, files, network, clock or chance."""
