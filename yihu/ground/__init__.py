"""Floor 2: the nouns that every area stands on."""
