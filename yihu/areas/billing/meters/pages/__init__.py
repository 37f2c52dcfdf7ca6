"""The reader's walk, what is missing, what another person looks at, the meters and their readings over time."""
