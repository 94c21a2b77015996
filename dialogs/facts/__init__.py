"""What flows may know of the world, by subject: plain values, and how a flow reads them."""
