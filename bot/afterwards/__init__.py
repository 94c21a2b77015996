"""After a training: asking how it went, opening what the answers ask for, counting ratings."""
