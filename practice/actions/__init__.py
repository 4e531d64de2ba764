"""The verbs of the practice, one file per noun. Each takes ``by=`` (who acts) and leaves its line on the trail."""
