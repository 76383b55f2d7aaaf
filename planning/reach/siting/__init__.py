"""Where the next facilities should stand: exact answers, and how good the others are at worst."""
