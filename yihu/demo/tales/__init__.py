"""How a case goes, from the telephone to the strike-off; each tale writes the events of one case."""
