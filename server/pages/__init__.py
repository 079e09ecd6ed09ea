"""HTML: the screens of the roles and the Panitia's forms."""
