"""The shop itself: the floor everyone stands on, the business, the pages staff and customers use."""
