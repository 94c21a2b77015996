"""The conversation in a messenger: what an update means, how a question is drawn, what is sent when."""
