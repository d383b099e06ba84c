"""What people touch: the window, the command line, and the core that both stand on."""
