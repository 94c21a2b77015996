"""The staff's pages: what waits, applications, intakes; drawn by the server, whole without JavaScript."""
