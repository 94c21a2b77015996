"""Classes: who is expected, reminded, moved, offered a seat, told that one is called off."""
