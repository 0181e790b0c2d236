"""Questions to the sample collection, in both languages: one that it answers, and one that it does not."""

NATO = {"de": "Was forderte Putin bezüglich der NATO?", "en": "What did Putin demand regarding NATO?"}
UNANSWERABLE = {
    "de": "Wie viele Einwohner hat die Hauptstadt von Peru?",
    "en": "Which team won the basketball championship in Brazil?",
}
