"""The pages behind a card and behind a report, and the desk's page of cards."""
