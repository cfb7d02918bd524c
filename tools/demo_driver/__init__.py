"""What the demo does around the real service and the real fleet: its configuration, its merchants, its summary."""
