"""The practice: its people, their roles and sign-in, its profile, supervision, and the mail that leaves it."""
