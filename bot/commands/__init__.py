"""What each command of `xunqiao` does, one file each; bot/cli.py only knows their names and options."""
