"""Sessions and the notes about them: drafts, signatures that lock, addenda."""
