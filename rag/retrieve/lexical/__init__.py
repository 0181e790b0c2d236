"""Text → the terms it is found by, in either language; and the index that finds passages by them."""
