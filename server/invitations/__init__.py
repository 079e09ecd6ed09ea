"""What brings people in: a printable sheet, a message and a calendar entry for each office of a session."""
