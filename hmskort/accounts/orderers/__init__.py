"""Orderers (*bestillere*): who is registered to order which kind of card for which company."""
