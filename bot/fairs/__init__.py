"""Job fairs and positions: what people see of them, and what they are told."""
