"""Files from outside: checked in a process of their own, kept by their content, outside any public path."""
