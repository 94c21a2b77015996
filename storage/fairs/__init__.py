"""Job fairs and positions: whom they suit, who was asked, who comes, what came of it."""
