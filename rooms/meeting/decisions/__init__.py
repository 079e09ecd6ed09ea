"""What is decided about each command: a module per area, each a pure function of the scene and the time."""
