"""The collection → the view that lists it, and the dialogs that add, edit and remove articles."""
