"""佐证材料: files addressed by digest."""
