"""T02, the stolen database: words are planted through the pages, everything that a thief could carry off is taken, and looked through."""
