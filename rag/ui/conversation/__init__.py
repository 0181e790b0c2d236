"""Questions, answers → messages with the cards of their sources, what a browser keeps, what comes next."""
