"""Other systems, chosen by setting. Nothing calls out unless the installation says so."""
