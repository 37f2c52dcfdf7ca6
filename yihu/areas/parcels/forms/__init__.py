"""What is asked when a parcel comes, while it waits and when it goes."""
