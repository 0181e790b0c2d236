"""Who may come in, what each may do, and how often: people, sessions, limits."""
