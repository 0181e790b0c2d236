"""Looking after a store: examine it, mend it, build it anew, back it up and bring it back."""
