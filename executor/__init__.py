"""The professional executor: who goes on for a counselor who cannot, what they may open then, and by whose word (RET-26, REV-14)."""
