"""Looking after who looks: what clients ask about their trail, what the rules notice in it, and who signs that somebody looked."""
