"""The web door: the accessible phone page, the public catalogue, links to other devices."""
