"""A class once people are in it: its steps, sessions, changes, who came, how they finished."""
