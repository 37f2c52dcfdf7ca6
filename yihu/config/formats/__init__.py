"""How dates are written into form controls: the one spelling that date and datetime-local inputs understand."""
