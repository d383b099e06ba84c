"""The night: choose, dream, train, examine, wear or keep yesterday's, report."""
