"""Applications: advice, decisions, questions to the person, and links that ask somebody else."""
