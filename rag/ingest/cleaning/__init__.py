"""The text of a scraped page → the article in it, and each line that was taken out with the reason."""
