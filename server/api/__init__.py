"""The JSON API under a personal link, recordings and exports."""
