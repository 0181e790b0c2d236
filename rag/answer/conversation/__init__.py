"""What was asked before → a question that stands alone, and further questions to go on with."""
