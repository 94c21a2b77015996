"""Draws every question of every flow as a phone shows it, in all wordings side by side; needs no database."""

from bot.preview.drawing import draw_all

__all__ = ["draw_all"]
