"""The pages about people, posts and grants."""
