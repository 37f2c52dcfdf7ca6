"""The pages about houses and the people who belong to them."""
