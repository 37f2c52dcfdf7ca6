"""钥匙核查: the count of the cabinets, twice a week."""
