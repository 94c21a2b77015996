"""What each command of `xunqiao` does, one file each; a group is declared in its own file, the others in bot/cli.py."""
