"""Messages that we start ourselves: read on a lock screen, so they name no course and no need."""
