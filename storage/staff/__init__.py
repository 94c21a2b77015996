"""Members of staff: who they are, how they get in, the sheets they bring, what is due of them."""
