"""The lines of a page, or what a person sets → an article's headline, publisher, author, agency and days."""
