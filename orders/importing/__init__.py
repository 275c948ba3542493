"""A list of people from a spreadsheet: read, judged row by row, mended, put in the cart."""
