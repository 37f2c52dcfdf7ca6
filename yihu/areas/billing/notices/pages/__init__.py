"""Pages beside the generic ones: the round, one door, one notice, all notices, the payer's own."""
